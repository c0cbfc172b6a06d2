import { chromium } from "playwright-core";
import { ensureProgram } from "../../../tools/ensure.mjs";

/** Arguments that keep Chromium from connecting to anything but the suite. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
];

/** Open a page in Chromium; returns a function that closes it. Prints errors of the page to standard error. */
export async function openPage(url: string): Promise<() => Promise<void>> {
  const browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args: QUIET });
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`the page: ${error.message}`));
  await page.goto(url);
  return () => browser.close();
}

import { chromium } from "playwright-core";
import { ensureProgram } from "../../../tools/ensure.mjs";

/** It is to talk to nobody but the suite. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
];

/** Open a page in Chromium; resolves to how to close it. A fault in the page is shown on standard error. */
export async function openPage(url: string): Promise<() => Promise<void>> {
  const browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args: QUIET });
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(`the page: ${error.message}`));
  await page.goto(url);
  return () => browser.close();
}

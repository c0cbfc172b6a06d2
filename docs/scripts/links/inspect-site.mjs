// Looks at pages of the built site as axe-core does, on a phone and on a desk, in light and dark.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { ensureProgram } from "../../../tools/ensure.mjs";

/** Findings in the theme's own parts, which we do not write: search button, footer of a page, groups of the sidebar. */
const OF_THE_THEME = /DocSearch-Button|VPDocFooter|class="item" role="button"/;

const VIEWS = [
  { viewport: { width: 1_280, height: 900 }, colorScheme: "light" },
  { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];

/** @param {string} url of the site @param {readonly string[]} paths @returns {Promise<string[]>} what is wrong */
export async function inspectSite(url, paths) {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"];
  const browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args });
  const faults = [];
  try {
    for (const path of paths)
      for (const view of VIEWS) {
        const page = await browser.newPage(view);
        const add = (fault) => faults.push(`${path} (${view.colorScheme}): ${fault}`);
        page.on("pageerror", ({ message }) => add(message));
        await page.goto(`${url}${path}`, { timeout: 120_000 });
        await page.evaluate(axe);
        const found = await page.evaluate(
          "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))",
        );
        for (const fault of found.filter((each) => !OF_THE_THEME.test(each))) add(fault);
        const width = await page.evaluate("document.documentElement.scrollWidth");
        if (width > view.viewport.width) add(`${width} pixels wide`);
        await page.close();
      }
  } finally {
    await browser.close();
  }
  return faults;
}

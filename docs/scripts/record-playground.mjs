// Records a run of the playground in a real Chromium, for the site and for the picture on the front page.
//   npm run record -w @tidemark/docs
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withPlayground } from "../../packages/server/test/playground-browser.ts";
import { ensureProgram } from "../../tools/ensure.mjs";
import { DOCS } from "./run.mjs";

/** The longest line of an exchange that is kept. */
const MAX_LINE = 90;

const ORDINARY = { rate: 5, pollMs: 5_000, hold: false, cut: false, cutAfterS: 0 };

/** What is set, for how long in milliseconds, and how. */
const PARTS = [
  { title: "5 messages per second, a poll every 5 s", ms: 14_000, change: {}, set: async () => {} },
  {
    title: "The connection is cut",
    ms: 6_000,
    change: { cut: true },
    set: (page) => page.getByLabel("Cut the connection").press("Space"),
  },
  {
    title: "The connection is back",
    ms: 10_000,
    change: {},
    set: (page) => page.getByLabel("Cut the connection").press("Space"),
  },
  {
    title: "A proxy holds answers back until they are complete",
    ms: 14_000,
    change: { hold: true },
    set: (page) => page.getByLabel("Hold answers back").press("Space"),
  },
  {
    title: "Nothing is held back any more",
    ms: 8_000,
    change: {},
    set: (page) => page.getByLabel("Hold answers back").press("Space"),
  },
];

const { version } = createRequire(import.meta.url)("../../packages/server/package.json");
const browserVersion = execFileSync(ensureProgram("chromium"), ["--version"], { encoding: "utf8" });
const [, chromium] = /(\d+)\./.exec(browserVersion) ?? [];

let events = [];
const parts = [];
let lengthMs = 0;
await withPlayground(async ({ browser, playground, errors }) => {
  const page = await browser.newPage();
  await page.addInitScript(
    "globalThis.recorded = []; globalThis.playgroundRecorder = (column, event) => recorded.push({ column, event })",
  );
  await page.goto(playground.url);
  const began = performance.now();
  for (const { title, ms, change, set } of PARTS) {
    await set(page);
    parts.push({ t: Math.round(performance.now() - began), title, situation: { ...ORDINARY, ...change } });
    await sleep(ms);
  }
  lengthMs = Math.round(performance.now() - began);
  events = await page.evaluate("recorded");
  if (errors.length > 0) throw errors[0];
});

const day = new Date().toISOString().slice(0, 10);
const about = `Made on ${day} with version ${version} and Chromium ${chromium}; browser, proxies and server ran on one machine.`;
const shortened = ({ line, t, ...rest }) => ({
  t: Math.round(t),
  ...rest,
  ...(line !== undefined && { line: line.slice(0, MAX_LINE) }),
});
const rounded = events
  .map(({ column, event }) => ({ column, event: shortened(event) }))
  .sort((a, b) => a.event.t - b.event.t);
const lines = rounded.map((each) => `    ${JSON.stringify(each)}`).join(",\n");
const head = { about, lengthMs, parts };
const text = `${JSON.stringify(head, null, 2).replace(/\n}$/, "")},\n  "events": [\n${lines}\n  ]\n}\n`;
await writeFile(join(DOCS, "recordings/playground.json"), text);
console.log(`${events.length} events in ${lengthMs} ms, ${text.length} bytes`);

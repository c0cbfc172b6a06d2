import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../../../../tools/ensure.mjs";
import { tidemarkLedger as ledger, tidemarkWords as words } from "../../../suites/tidemark/ledger.ts";
import type { RunReport } from "../../model/event.ts";
import type { TestResult } from "../../model/result.ts";
import { summarize } from "../../model/summary.ts";
import { observable } from "../../run/suite.ts";
import { fileSink } from "../reporter.ts";
import { htmlReporter } from "./html.ts";

const html = suite("HTML report");
const folder = mkdtempSync(join(tmpdir(), "html-"));
const EVIL = `</script><script>document.title="owned"</script><img src=x onerror="document.title='owned'">`;

function result(id: string, outcome: TestResult["outcome"], requirement: string): TestResult {
  const ok = outcome !== "fail";
  return {
    id,
    title: `A title ${EVIL}`,
    outcome,
    candidate: false,
    requirements: [
      {
        requirement,
        level: "MUST",
        outcome,
        checks: 3,
        by: { poll: { made: 2, failed: 0 }, sse: { made: 1, failed: ok ? 0 : 1 } },
        evidence: [{ ok, what: `what ${EVIL}`, expected: EVIL, actual: EVIL, exchange: 0 }],
      },
    ],
    durationMs: 12,
    notes: [EVIL],
    curl: `curl '${EVIL}'`,
    exchanges: [
      {
        method: "GET",
        url: `http://h/${EVIL}`,
        headers: [["X-Evil", EVIL]],
        startedAtMs: 0,
        endedAtMs: 5,
        status: 200,
        responseHeaders: [],
        received: [{ atMs: 4, text: `HTTP/1.1 200 OK\r\n\r\n${EVIL}` }],
        ending: "complete",
        faults: [],
      },
    ],
  };
}

const TESTS = [
  result("server/core/good", "pass", "CORE-GAP-2"),
  result("server/sse/bad", "fail", "SSE-RESUME-1"),
];
const REPORT: RunReport = {
  complete: true,
  suite: "0.0.0",
  suiteName: "server",
  spec: "1.0",
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 1234,
  seed: 7,
  target: {
    url: `http://h/${EVIL}`,
    mechanisms: ["poll", "sse"],
    publish: true,
    identity: { name: `acme ${EVIL}`, version: "1.2" },
  },
  verdict: { kind: "not-conformant", line: `NOT CONFORMANT: 1 MUST violated ${EVIL}`, exitCode: 1 },
  summary: summarize(observable({ ledger, subject: "server" }), TESTS, { spec: "1.0" }),
  baselineFaults: [{ test: EVIL, fault: "stale", detail: EVIL }],
  tests: TESTS,
};

let browser: Browser;
let page: Page;
let trouble: string[];

/** Open the report offline, and record its requests and errors. */
async function open(javaScriptEnabled = true, hash = ""): Promise<void> {
  const path = join(folder, "report.html");
  const replay = (test: string): string => `replay ${test} ${EVIL}`;
  htmlReporter(fileSink(path), { ledger, words, replay, transcripts: false }).on({
    type: "run-finished",
    report: REPORT,
  });
  const context = await browser.newContext({ javaScriptEnabled, offline: true });
  page = await context.newPage();
  trouble = [];
  page.on("pageerror", (error) => trouble.push(String(error)));
  page.on("console", (message) => trouble.push(message.text()));
  page.on("request", (request) => {
    if (!request.isNavigationRequest()) trouble.push(request.url());
  });
  await page.goto(`${pathToFileURL(path).href}${hash}`);
}

const visible = (selector: string): Promise<number> => page.locator(`${selector}:visible`).count();

html.before(async () => {
  writeFileSync(join(folder, "x"), "");
  browser = await chromium.launch({ executablePath: ensureProgram("chromium"), args: ["--no-sandbox"] });
});
html.after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});
html.after.each(async () => {
  assert.equal(trouble, [], "the page loads nothing and complains of nothing");
  assert.match(await page.title(), /^acme <\/script><script>.* 1\.2: not-conformant · Tidemark 1\.0$/);
  await page.context().close();
});

html("shows each requirement by mechanism, with its checks", async () => {
  await open();
  const cells = await page.locator('[data-standing="violated"] td').allInnerTexts();
  assert.equal(cells, ["✓ 2", "·", "✗ 1/1", "·", "·"]);
  assert.is(await visible(".requirement"), observable({ ledger, subject: "server" }).length);
  assert.match(await page.locator(".verdict").innerText(), /^NOT CONFORMANT: 1 MUST violated <\/script>/);
});

html("filters requirements and tests together, by text and by standing", async () => {
  await open();
  await page.fill('input[name="text"]', "sse-resume-1");
  assert.equal([await visible(".requirement"), await visible(".test")], [1, 1]);
  await page.fill('input[name="text"]', "");
  await page.click('.chip[data-standing="verified"]');
  assert.equal([await visible(".requirement"), await visible(".test")], [1, 1]);
  await page.click('.chip[data-standing="violated"]');
  assert.equal([await visible(".requirement"), await visible(".test")], [2, 2]);
  await page.click('.chip[data-standing="verified"]');
  assert.is(await page.locator(".test:visible .id").first().innerText(), "server/sse/bad");
  assert.match(await page.locator("output").innerText(), /^1 of \d+ requirements, 1 of 2 tests$/);
});

html("links a requirement to its tests and their transcripts", async () => {
  await open();
  await page.click('[data-standing="violated"] summary');
  await page.click('[data-standing="violated"] a');
  const test = page.locator("#test-server-sse-bad");
  assert.ok(await test.locator("dl.failed").isVisible());
  await test.locator(".exchange summary").click();
  assert.match(
    await test.locator(".exchange pre").innerText(),
    /> GET http:\/\/h\/.*\n.*> X-Evil: <\/script>/,
  );
  assert.is(await page.locator("#test-server-core-good .exchange").count(), 0, "a passed test keeps none");
});

html("a link to a test opens it", async () => {
  await open(true, "#test-server-core-good");
  assert.ok(await page.locator("#test-server-core-good .body").isVisible());
});

html("is readable without its script", async () => {
  await open(false);
  assert.is(await visible(".filters"), 0);
  await page.click("#test-server-sse-bad > summary");
  assert.ok(await page.locator("#test-server-sse-bad dl.failed").isVisible());
});

html("fits a narrow screen", async () => {
  await open();
  await page.setViewportSize({ width: 360, height: 700 });
  assert.is(await page.evaluate("document.documentElement.scrollWidth"), 360);
});

html.run();

// Runs the suite with all its faults on each log, to show that every log conforms as the one in memory does.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { violated } from "../src/judge/report.ts";
import { ON_LOGS } from "../src/logs/conform.ts";

for (const [name, run] of Object.entries(ON_LOGS))
  test(`${name}: every MUST is verified, and none is violated`, async () => {
    const report = await run();
    console.log(`${name}: ${report.verdict.line}`);
    const { must } = report.summary ?? {};
    assert.equal(violated(report), [], report.verdict.line);
    assert.is(report.verdict.exitCode, 0, report.verdict.line);
    assert.is(must?.verified, must?.applicable, report.verdict.line);
  });

test.run();

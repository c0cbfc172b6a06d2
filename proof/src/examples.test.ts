import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../tools/launch.mjs";
import { ALL_MUTANTS } from "./mutants/all.ts";
import type { Running } from "./peer/parts.ts";
import { start } from "./peer/start.ts";
import { type Ended, runProgram } from "./run-program.ts";

// prove/packed.test.ts runs the examples that need an installation.
const examples = suite("the suite in test frameworks");
const PASSES = "server/polling/answers-a-page-at-once";
const FAILS = "server/polling/cursor-is-where-the-page-ends";
let broken: Running;

examples.before(async () => {
  const mutant = ALL_MUTANTS.find(({ id }) => id === "page-answers-its-first-cursor");
  assert.ok(mutant);
  broken = await start(mutant);
});
examples.after(() => broken.close());

function run(example: string, tests: readonly string[]): Promise<Ended> {
  const folder = new URL(`../../examples/${example}/`, import.meta.url);
  return runProgram(process.execPath, [...sources, "conformance.test.mjs"], {
    cwd: fileURLToPath(folder),
    env: { TARGET: broken.url, RUN: tests.join() },
  });
}

for (const example of ["suite-in-uvu", "suite-in-node-test"])
  examples(`${example}: a passing test passes, and a violation fails with the whole report`, async () => {
    const good = await run(example, [PASSES]);
    assert.is(good.code, 0, good.output);
    assert.match(good.output, /(?:Passed: +|pass )1\b/);
    const bad = await run(example, [PASSES, FAILS]);
    assert.match(bad.output, /POLL-PAGE-3 \(MUST\)[\s\S]*expected: [\s\S]*actual: [\s\S]*curl -/);
    assert.match(bad.output, /(?:Passed: +|pass )1\b/);
    assert.is(bad.code, 1);
  });

examples.run();

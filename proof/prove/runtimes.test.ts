// Runs the clients' tests in every runtime, and installs the runtimes that are missing.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RUNTIME_NAMES, runTestsIn } from "../src/runtimes/run-tests-in.ts";

for (const name of RUNTIME_NAMES)
  test(`the clients on ${name}`, async () => {
    const { passed, failed, errors } = await runTestsIn(name);
    console.log(`\n${name}: ${passed} passed, ${failed} failed`);
    assert.is(failed, 0, errors);
    assert.ok(passed > 100);
  });

test.run();

import { runStreamClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NULL_STREAM_CLIENTS } from "./nulls.ts";

/** Short, because nothing that is waited for comes. */
const PATIENCE_MS = 200;

for (const [name, adapter] of Object.entries(NULL_STREAM_CLIENTS))
  test(`a client that ${name} passes no test`, async () => {
    const passed: string[] = [];
    let count = 0;
    for await (const event of runStreamClient({ adapter, seed: 1, patienceMs: PATIENCE_MS }))
      if (event.type === "run-finished") {
        count = event.report.tests.length;
        passed.push(...event.report.tests.filter(({ outcome }) => outcome === "pass").map(({ id }) => id));
      }
    assert.ok(count > 50);
    assert.equal(passed, []);
  });

test.run();

import { type Hello, runClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAdapter, hello } from "../../../examples/adapters/tidemark.mjs";
import { connectInProcess } from "./connect.ts";
import { SLOW } from "./kill-client.ts";

/** Outcomes that tell of something that is not as it should be, or was not seen to be. */
const BAD: readonly string[] = ["fail", "warn", "error", "inconclusive"];

/** Costs as much as all others together; by event stream it stands for all three, and `prove` has the others. */
const DEAR = ["client/poll/cut-at-every-byte", "client/long-poll/cut-at-every-byte"];

test("our client meets every requirement (but those that take a quarter of a minute to see)", async () => {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell));
  for await (const event of runClient({ adapter, skip: [...SLOW, ...DEAR], seed: 1 })) {
    if (event.type !== "run-finished") continue;
    const { tests, summary } = event.report;
    const bad = tests.filter(({ outcome }) => BAD.includes(outcome));
    assert.equal(
      bad.map(({ id, detail, requirements }) => `${id} ${detail} ${JSON.stringify(requirements)}`),
      [],
    );
    const verified = summary?.must.verified ?? 0;
    assert.ok(
      verified > 0 && (summary?.must.applicable ?? 0) - verified <= SLOW.length,
      event.report.verdict.line,
    );
  }
});

test.run();

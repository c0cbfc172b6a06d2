// The suite for event stream clients finds each broken client as declared, and nothing in our client.
import { type Hello, runStreamClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAdapter, hello } from "../../examples/adapters/event-streams/tidemark.mjs";
import { connectInProcess } from "../src/clients/connect.ts";
import { foundIn, judge } from "../src/stream-clients/kill.ts";
import { STREAM_CLIENT_MUTANTS } from "../src/stream-clients/mutants.ts";

for (const { id, breaks, tests } of STREAM_CLIENT_MUTANTS)
  test(`finds the client that ${id}`, async () => {
    const seen = foundIn(await judge(id, breaks.includes("EC-RETRY-5")));
    assert.equal(seen.found, [...breaks].sort());
    for (const name of tests) assert.ok(seen.tests.includes(name), name);
  });

test("the simple client without a quirk meets every sentence", async () => {
  assert.equal(foundIn(await judge(undefined, true)).found, []);
});

test("readEventStream meets every sentence", async () => {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell));
  for await (const event of runStreamClient({ adapter, seed: 1 }))
    if (event.type === "run-finished") assert.match(event.report.verdict.line, "31/31 verified");
});

test.run();

// The suite for event stream clients finds each broken client as declared, and nothing in our client.
import { type Hello, runStreamClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAdapter, hello } from "../../examples/adapters/event-streams/tidemark.mjs";
import { connectInProcess } from "../src/clients/connect.ts";
import { foundIn, judge } from "../src/stream-clients/kill.ts";
import { STREAM_CLIENT_MUTANTS } from "../src/stream-clients/mutants.ts";

/** All clients share this process with the suite; more of them would make the suite late. */
const AT_ONCE = 4;

const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());

/** What the suite finds in each client; one lane judges one client after the other. */
const judged = new Map(
  STREAM_CLIENT_MUTANTS.map(({ id, breaks }, n) => {
    const before = lanes[n % AT_ONCE];
    const seen = Promise.resolve(before).then(async () =>
      foundIn(await judge(id, breaks.includes("EC-RETRY-5"))),
    );
    lanes[n % AT_ONCE] = seen.catch(() => undefined); // its own test reports the failure
    return [id, seen] as const;
  }),
);

for (const { id, breaks, tests } of STREAM_CLIENT_MUTANTS)
  test(`finds the client that ${id}`, async () => {
    const seen = await judged.get(id);
    assert.equal(seen?.found, [...breaks].sort());
    for (const name of tests) assert.ok(seen?.tests.includes(name), name);
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

import { type Hello, type RunReport, runClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAdapter, hello } from "../../../examples/adapters/tidemark.mjs";
import { connectInProcess } from "./connect.ts";
import { SLOW } from "./kill-client.ts";

type ClientOptions = Parameters<typeof runClient>[0];

/** It ends where it sees that the client has no cache: Node's `fetch` has none. */
const NO_CACHE = "client/poll/not-modified-brings-nothing-again";

/** Outcomes that tell of something that is not as it should be, or was not seen to be. */
const BAD: readonly string[] = ["fail", "warn", "error", "inconclusive"];

/** Costs as much as all others together: `cuts.test.ts` cuts at some bytes, and `prove` at each. */
const DEAR = ["client/*/cut-at-every-byte"];

async function report(options: Partial<ClientOptions>): Promise<RunReport> {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell));
  for await (const event of runClient({ ...options, adapter, seed: 1 }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

test("our client meets every requirement (but those that take a quarter of a minute to see)", async () => {
  const { tests, summary } = await report({ skip: [...SLOW, ...DEAR] });
  assert.ok((summary?.must.verified ?? 0) > 0);
  // On a machine that other tests load, some decide nothing: these are run alone.
  const undecided = tests.filter(({ outcome }) => outcome === "inconclusive").map(({ id }) => id);
  const again = undecided.length === 0 ? [] : (await report({ run: undecided, jobs: 1 })).tests;
  const final = [...tests.filter(({ id }) => !undecided.includes(id)), ...again];
  const bad = final.filter(({ outcome }) => BAD.includes(outcome));
  assert.equal(
    bad.map(({ id, detail, requirements }) => `${id} ${detail} ${JSON.stringify(requirements)}`),
    [],
  );
  const missing = tests.filter(({ outcome }) => outcome === "not-run" || outcome === "n/a");
  assert.equal(
    missing.map(({ id }) => id).filter((id) => id !== NO_CACHE),
    [],
  );
});

test.run();

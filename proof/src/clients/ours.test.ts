import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportOf, SLOW } from "./kill-client.ts";

/** Does not apply to a client without a cache; Node's `fetch` has none. */
const NO_CACHE = "client/poll/not-modified-brings-nothing-again";

/** Outcomes of tests that found a problem or decided nothing. */
const BAD: readonly string[] = ["fail", "warn", "error", "inconclusive"];

/** Costs as much as all others together. `cuts.test.ts` cuts at some bytes, `prove` at every byte. */
const DEAR = ["client/*/cut-at-every-byte"];

test("our client meets every requirement (except those that take 15 seconds or more to test)", async () => {
  const { tests, summary } = await reportOf({ skip: [...SLOW, ...DEAR] });
  // While other tests load the machine, some are inconclusive or get a message too late; these run again, alone.
  const late = tests.filter(({ outcome }) => BAD.includes(outcome));
  const undecided = late.map(({ id }) => id);
  const open = new Set(
    late.flatMap(({ requirements }) => requirements.map(({ requirement }) => requirement)),
  );
  const { verified = 0, applicable = 0 } = summary?.must ?? {};
  assert.ok(verified > 0 && applicable - verified <= SLOW.length + open.size);
  const again = undecided.length === 0 ? [] : (await reportOf({ run: undecided, jobs: 1 })).tests;
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

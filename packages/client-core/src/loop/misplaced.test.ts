// Answers for another position than the requested one, as from a proxy that drops the query.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import {
  type Answering,
  page,
  problem,
  scriptedOrigin,
} from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { ConnectionError, type SubscribeOptions } from "../index.ts";
import { createSubscription } from "../kit.ts";

const done = page(["C1"], { closed: true });

async function follow(scripts: readonly Answering[], options: SubscribeOptions = {}) {
  const { delay, waits } = noClock();
  const failures: string[] = [];
  const origin = await scriptedOrigin(...scripts);
  const seen = await collect(
    createSubscription(pages, origin.url, {
      delay,
      retryDelayMs: (n) => n * 1_000,
      onRetry: ({ error }) => failures.push(error instanceof ConnectionError ? error.failure : error.message),
      ...options,
    }),
  );
  await origin.close();
  return { seen, waits, failures, after: origin.asked.map(({ query }) => query.after) };
}

const misplaced: Readonly<Record<string, Answering>> = {
  "with messages and a cursor that has not moved": page(["X1"], { cursor: "P2" }),
  "that repeats the messages up to the position": page(["P1", "P2"]),
  "that begins before the position and ends after it": page(["P1", "P2", "P3"]),
  "that begins with the first message, and ends before the position": page(["P1"]),
  "that says more, and has not moved": page([], { cursor: "P2", more: true }),
};

for (const [name, script] of Object.entries(misplaced)) {
  test(`a page ${name} is a failure, and none of it is delivered`, async () => {
    const { seen, waits, failures, after } = await follow([page(["P1", "P2"]), script, script, script, done]);
    assert.equal(seen, ["P1", "P2", "C1"]);
    assert.equal(failures, ["misplaced", "misplaced", "misplaced"]);
    assert.equal(waits, [1_000, 2_000, 3_000]);
    assert.equal(after, ["start", "P2", "P2", "P2", "P2"]);
  });
}

test("an answer to `start` or `end`, or with a gap, can begin anywhere", async () => {
  const gap = { reason: "epoch", requested: "P1", start: "P0", end: "P9" } as const;
  const { seen, failures } = await follow(
    [page(["P1"]), problem(410, "gap", gap), page(["P1", "P2"]), page(["P1", "P3"], { gap }), done],
    { after: "end", onGap: () => "start" },
  );
  assert.equal(seen, ["P1", "P1", "P2", "P1", "P3", "C1"]);
  assert.equal(failures, []);
});

test.run();

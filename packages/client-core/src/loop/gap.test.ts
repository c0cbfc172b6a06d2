import type { Gap } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { rejection } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import {
  type Answering,
  cut,
  page,
  problem,
  scriptedOrigin,
} from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { GapError, memoryStore, type SubscribeOptions } from "../index.ts";
import { createSubscription } from "../kit.ts";

const gap: Gap = { reason: "retention", requested: "P1", start: "S1", end: "E1" };
const refused = problem(410, "gap", { ...gap }, { "cache-control": "no-store" });
const done = page(["C1"], { closed: true });

async function follow(
  scripts: readonly Answering[],
  options: SubscribeOptions = {},
): Promise<{ seen: string[]; error: unknown; queries: readonly Readonly<Record<string, string>>[] }> {
  const origin = await scriptedOrigin(...scripts);
  const subscription = createSubscription(pages, origin.url, { delay: noClock().delay, ...options });
  const seen: string[] = [];
  let error: unknown;
  try {
    for await (const { cursor } of subscription) seen.push(cursor);
  } catch (thrown) {
    error = thrown;
  }
  await origin.close();
  return { seen, error, queries: origin.asked.map(({ query }) => query) };
}

test("a gap is thrown after the messages before it, with the positions to continue from", async () => {
  const { seen, error, queries } = await follow([page(["P1"]), refused, done]);
  assert.equal(seen, ["P1"]);
  assert.instance(error, GapError);
  assert.equal((error as GapError).gap, gap);
  assert.is(queries.length, 2);
});

test("onGap is called before any message after the gap, and chooses where to continue", async () => {
  const order: unknown[] = [];
  const onGap = async (told: Gap) => {
    order.push(told);
    return "start" as const;
  };
  const origin = await scriptedOrigin(page(["P1"]), refused, cut, page(["S2"]), done);
  const subscription = createSubscription(pages, origin.url, { delay: noClock().delay, onGap });
  for await (const { cursor } of subscription) order.push(cursor);
  await origin.close();
  assert.equal(order, ["P1", gap, "S2", "C1"]);
  assert.equal(
    origin.asked.map(({ query }) => [query.after, query.gap]),
    [
      ["start", undefined],
      ["P1", undefined],
      ["S1", "start"],
      ["S1", "start"],
      ["S2", undefined],
    ],
  );
});

test("continuing at the end starts at the gap's end position, so that nothing after it is lost", async () => {
  const { seen, queries } = await follow([refused, page(["E2"]), done], { onGap: () => "end" });
  assert.equal(seen, ["E2", "C1"]);
  assert.equal([queries[1]?.after, queries[1]?.gap], ["E1", "end"]);
});

test("a second gap on the way to the chosen position is reported too", async () => {
  const told: string[] = [];
  const onGap = ({ requested }: Gap) => {
    told.push(requested);
    return "start" as const;
  };
  const { seen } = await follow([refused, page(["S5"], { gap: { ...gap, requested: "S1" } }), done], {
    onGap,
  });
  assert.equal(
    [told, seen],
    [
      ["P1", "S1"],
      ["S5", "C1"],
    ],
  );
});

test("if onGap returns throw, the gap is thrown", async () => {
  const { error } = await follow([refused, done], { onGap: () => "throw" });
  assert.instance(error, GapError);
});

test("a gap that is repeated although the client chose a position is thrown", async () => {
  const { error, queries } = await follow([refused, refused], { onGap: () => "end" });
  assert.instance(error, GapError);
  assert.is(queries.length, 2);
});

test("an unexpected gap inside a page reaches the application too", async () => {
  const { seen, error } = await follow([page(["S2"], { gap })]);
  assert.equal(seen, []);
  assert.instance(error, GapError);
});

test("every later gap is reported too", async () => {
  const told: string[] = [];
  const onGap = ({ requested }: Gap) => {
    told.push(requested);
    return "end" as const;
  };
  const second = problem(410, "gap", { ...gap, requested: "E1" });
  const { seen } = await follow([refused, page([], { cursor: "E1" }), second, done], { onGap });
  assert.equal([told, seen], [["P1", "E1"], ["C1"]]);
});

test("after a gap was thrown, `after` overrides the lost cursor in the store", async () => {
  // Distinct cursors: the server of the next test may listen at the same address.
  for (const [after, lost] of [
    ["start", "Q1"],
    ["end", "Q2"],
  ] as const) {
    const store = memoryStore(lost);
    const origin = await scriptedOrigin(refused, refused, page(["E2"]), page(["E3"], { closed: true }));
    const follow = async (options: SubscribeOptions): Promise<string[]> => {
      const seen: string[] = [];
      const settings = { delay: noClock().delay, store, ...options };
      for await (const { cursor } of createSubscription(pages, origin.url, settings)) seen.push(cursor);
      return seen;
    };
    assert.instance(await rejection(follow({ after })), GapError); // not before the gap was reported
    assert.instance(await rejection(follow({})), GapError); // not without `after`
    assert.equal(await follow({ after }), ["E2", "E3"]);
    assert.is(store.load(), "E3");
    assert.equal(
      origin.asked.map(({ query }) => query.after),
      [lost, lost, after, "E2"],
    );
    await origin.close();
  }
});

test("another channel, and a cursor that was not lost, still resume from the store", async () => {
  const origin = await scriptedOrigin(refused, page(["P3"], { closed: true }));
  const store = memoryStore("Q3");
  const options = { delay: noClock().delay, store, after: "end" } as const;
  assert.instance(await rejection(createSubscription(pages, origin.url, options).next()), GapError);
  await createSubscription(pages, `${origin.url}/other`, options).next();
  await createSubscription(pages, origin.url, { ...options, store: memoryStore("Q4") }).next();
  assert.equal(
    origin.asked.map(({ query }) => query.after),
    ["Q3", "Q3", "Q4"],
  );
  await origin.close();
});

test("a gap without its positions is an invalid answer, and is retried", async () => {
  const { seen, error } = await follow([problem(410, "gap", { reason: "epoch" }), done]);
  assert.equal([seen, error], [["C1"], undefined]);
});

test.run();

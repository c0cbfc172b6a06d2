// How a client that has fallen back probes a better mechanism, and when it climbs.
import type { State } from "@tidemark/client-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../testing/clients/collect.ts";
import {
  type Answering,
  block,
  closing,
  foreign,
  hang,
  opening,
  page,
  problem,
  resumed,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { probingClock } from "../test/clocks.ts";
import { unexpected } from "../test/follow.ts";
import { threeWays } from "../test/three-ways.ts";
import { subscribe } from "./index.ts";

function gate(): { readonly opens: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opens = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opens, open: () => open() };
}

/** Answers once the gate is open. */
function when(opens: Promise<unknown>, answering: Answering): Answering {
  return async (response, asked) => {
    await opens;
    await answering(response, asked);
  };
}

test("climbs by a probe, which is taken over if it started at the same position", async () => {
  const due = gate();
  const { delay, probes } = probingClock(due.opens);
  const origin = await threeWays({
    sse: [problem(406, "not-acceptable"), stream(opening("P1") + block("P2") + closing("P2"))],
    "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
    polling: [unexpected],
  });
  const subscription = subscribe(origin.url, { delay });
  assert.equal(await collect(subscription, 1), ["P1"]);
  assert.is(subscription.state.mechanism, "long-polling");
  due.open();
  assert.equal(await collect(subscription), ["P2"]);
  assert.is(subscription.state.mechanism, "sse");
  assert.equal(
    origin.reads.filter((read) => read.startsWith("sse")),
    ["sse start", "sse P1"],
  );
  assert.equal(probes, [60_000]);
  await origin.close();
});

test("a probe that started elsewhere is dropped, and a stream is opened at the received position", async () => {
  const [due, probed] = [gate(), gate()];
  const { delay } = probingClock(due.opens);
  const origin = await threeWays({
    sse: [
      problem(406, "not-acceptable"),
      stream(opening("P1") + block("P2"), probed.open),
      async (response, asked) => {
        await origin.asked.find(({ query }) => query.stream === "1" && query.after === "P1")?.gone;
        await stream(opening("P9") + closing("P9"))(response, asked);
      },
    ],
    "long-polling": [
      page(["P1"]),
      // While the probe is at P1, the mechanism in use continues to P9.
      when(probed.opens, page(["P2", "P9"])),
      page([], { cursor: "P9", retry: 1 }),
    ],
    polling: [unexpected],
  });
  const subscription = subscribe(origin.url, { delay });
  assert.equal(await collect(subscription, 1), ["P1"]);
  due.open();
  assert.equal(await collect(subscription), ["P2", "P9"]);
  assert.equal(
    origin.reads.filter((read) => read.startsWith("sse")),
    ["sse start", "sse P1", "sse P9"],
  );
  await Promise.all(origin.asked.map(({ gone }) => gone));
  await origin.close();
});

test("a failed probe changes nothing; the next one comes later", async () => {
  const { delay, probes } = probingClock();
  const refused = problem(406, "not-acceptable");
  const origin = await threeWays({
    sse: [refused, refused, foreign(502), stream(opening("P1") + closing("P1"))],
    "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
    polling: [unexpected],
  });
  assert.equal(await collect(subscribe(origin.url, { delay })), ["P1"]);
  assert.equal(probes, [60_000, 120_000, 240_000]);
  await origin.close();
});

test("from polling, the client probes long polling before a stream", async () => {
  const { delay } = probingClock();
  const refused = problem(406, "not-acceptable");
  const origin = await threeWays({
    sse: [refused, stream(opening("P1") + closing("P1"))],
    "long-polling": [refused, page([], { cursor: "P1", retry: 1 })],
    polling: [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
  });
  assert.equal(await collect(subscribe(origin.url, { delay })), ["P1"]);
  const ways = origin.reads.map((read) => read.split(" ")[0]);
  assert.ok(ways.lastIndexOf("polling") < ways.lastIndexOf("sse"));
  assert.ok(ways.lastIndexOf("long-polling") > 1);
  await origin.close();
});

test("a stop ends a probe too", async () => {
  const { delay } = probingClock();
  const stop = new AbortController();
  const origin = await threeWays({
    sse: [problem(406, "not-acceptable"), () => stop.abort()],
    "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
    polling: [unexpected],
  });
  await collect(subscribe(origin.url, { delay, signal: stop.signal }));
  await Promise.all(origin.asked.map(({ gone }) => gone));
  await origin.close();
});

test("a probe that receives only the first block changes nothing", async () => {
  const { delay, probes } = probingClock();
  let held = 0;
  const heldBack: Answering = (response, asked) => {
    held += 1;
    return resumed("P1", "", hang)(response, asked);
  };
  const origin = await threeWays({
    sse: [problem(406, "not-acceptable"), heldBack],
    "long-polling": [
      page(["P1"]),
      ...Array<Answering>(20).fill(page([], { cursor: "P1", retry: 1 })),
      page(["P2"], { closed: true }),
    ],
    polling: [unexpected],
  });
  const mechanisms = new Set<string>();
  const onState = ({ mechanism }: State) => mechanisms.add(mechanism);
  const subscription = subscribe(origin.url, { delay, onState });
  for await (const _ of subscription);
  await origin.close();
  assert.is(held, 1);
  assert.equal(probes, [60_000]);
  assert.equal(origin.reads.filter((read) => read.startsWith("sse")).length, 2);
  assert.is(subscription.state.mechanism, "long-polling");
});

test("a probe that ends after its first block, or that is refused, changes nothing", async () => {
  for (const probed of [resumed("P1"), stream("retry: 5\n\n")]) {
    const { delay, probes } = probingClock();
    const origin = await threeWays({
      sse: [problem(406, "not-acceptable"), probed, stream(opening("P1") + closing("P1"))],
      "long-polling": [page(["P1"]), page([], { cursor: "P1", retry: 1 })],
      polling: [unexpected],
    });
    const subscription = subscribe(origin.url, { delay });
    for await (const _ of subscription);
    await origin.close();
    assert.equal(probes.slice(0, 2), [60_000, 120_000]);
    assert.is(subscription.state.mechanism, "sse");
  }
});

test.run();

// Proxies that let through only the beginning of a stream, or nothing, and servers that refuse streams.
import type { State } from "@tidemark/client-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { noClock } from "../../../testing/clients/no-clock.ts";
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
import { threeWays, type Way } from "../test/three-ways.ts";
import { type SubscribeOptions, subscribe } from "./index.ts";

const donePage = page(["D1"], { closed: true });
const doneStream = resumed("D0", block("D1") + closing("D1"));
const unexpected = problem(404, "no-such-channel");

async function follow(scripts: Partial<Record<Way, readonly Answering[]>>, options: SubscribeOptions = {}) {
  const ways = { sse: [unexpected], "long-polling": [unexpected], polling: [unexpected], ...scripts };
  const origin = await threeWays(ways);
  const states: State[] = [];
  const subscription = subscribe(origin.url, {
    delay: noClock().delay,
    retryDelayMs: () => 1,
    onState: (state) => states.push(state),
    ...options,
  });
  for await (const _ of subscription);
  await origin.close();
  return { reads: origin.reads, states, asked: origin.asked };
}

for (const [name, script] of Object.entries<Answering>({
  "an empty stream": stream(""),
  "a stream of comments": stream(": hello\n\n: again\n\n"),
  "a stream of unfinished blocks": stream("event: $open\n"),
})) {
  test(`${name} falls back to the next mechanism after three tries`, async () => {
    const { reads } = await follow({ sse: [script], "long-polling": [donePage] });
    assert.equal(reads, ["sse start", "sse start", "sse start", "long-polling start"]);
  });
}

const proxyStatus = (status: number, error: string): Answering =>
  foreign(status, { "proxy-status": `hop.example; error=${error}; details="no"` });

test("an intermediary that does not forward streams causes a fallback at once (RFC 10036)", async () => {
  const { reads } = await follow({
    sse: [proxyStatus(501, "incremental_refused")],
    "long-polling": [donePage],
  });
  assert.equal(reads, ["sse start", "long-polling start"]);
});

test("the reason for a fallback at once is reported", async () => {
  const errors: string[] = [];
  await follow(
    { sse: [proxyStatus(501, "incremental_refused")], "long-polling": [donePage] },
    { onRetry: ({ error, failures, waitMs }) => errors.push(`${failures} ${waitMs} ${error.message}`) },
  );
  assert.equal(errors, ["1 0 [unstreamable] an intermediary does not forward streams"]);
});

test("an intermediary without a free connection is retried, and causes no fallback (RFC 10036)", async () => {
  const busy = proxyStatus(429, "connection_limit_reached");
  const { reads, states } = await follow({ sse: [busy, busy, busy, busy, doneStream] });
  assert.equal(reads, Array(5).fill("sse start"));
  const [error] = states.flatMap(({ error }) => error ?? []);
  assert.match(String(error), "[busy]");
});

test("other refusals of an intermediary count as foreign answers", async () => {
  for (const [status, error] of [
    [501, "other_refused"],
    [502, "incremental_refused"],
    [429, "connection_timeout"],
  ] as const) {
    const { states } = await follow({ sse: [proxyStatus(status, error), doneStream] });
    assert.match(String(states.flatMap((state) => state.error ?? [])[0]), "[foreign]");
  }
});

test("a server without room for a stream is reported as refused, not as live, and not as a failure", async () => {
  const refusal = stream("retry: 300\n\n");
  const { states } = await follow({ sse: [refusal, refusal, doneStream] });
  assert.equal(
    states.map(({ phase, failures }) => `${phase} ${failures}`),
    ["connecting 0", "refused 0", "connecting 0", "refused 0", "connecting 0", "live 0", "ended 0"],
  );
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

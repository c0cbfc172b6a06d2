// How often a client asks a server without news: at its own least interval, whatever the server says.
import type { Delay } from "@tidemark/client-core/kit";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { manualClock } from "../../../testing/clients/manual-clock.ts";
import {
  type Answering,
  json,
  opening,
  page,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { type SubscribeOptions, subscribe } from "./index.ts";

const WINDOW_MS = 2_000;
const MOST = 10;

const empty = (retry?: number): Answering =>
  json({ messages: [], cursor: "P1", more: false, ...(retry === undefined ? {} : { retry }) });

const opened = (retry: number, more = ""): Answering => stream(opening("P1", {}, retry) + more);
const beat = "event: $heartbeat\ndata: {}\nid: P1\n\n";

const idle: readonly (readonly [string, SubscribeOptions["mechanism"], Answering, SubscribeOptions?])[] = [
  ["a poll with retry 0", "polling", empty(0)],
  ["a poll with retry 1", "polling", empty(1)],
  ["a poll whose cursor moves without a message", "polling", movingEmpty()],
  ["a long poll with retry 0", "long-polling", empty(0)],
  ["a long poll with retry 1", "long-polling", empty(1)],
  ["a long poll that ends at once", "long-polling", empty()],
  ["a stream that ends after its first block", "sse", opened(1)],
  ["a stream that ends after a heartbeat", "sse", opened(1, beat)],
  ["a refused stream", "sse", stream("retry: 1\n\n")],
  ["an empty stream", "sse", stream("")],
  ["a stream that ends after its first block, with a choice of mechanisms", "auto", opened(1)],
  ["a stream that ends at once, for an impatient application", "sse", opened(1), { retryDelayMs: () => 0 }],
];

function movingEmpty(): Answering {
  let answers = 0;
  return (response, asked) => page([], { cursor: `P${++answers}`, retry: 0 })(response, asked);
}

/** How many requests a client makes within the window. */
async function requestsOf(
  mechanism: NonNullable<SubscribeOptions["mechanism"]>,
  answering: Answering,
  options?: SubscribeOptions,
): Promise<number> {
  const origin = await scriptedOrigin(answering);
  const clock = manualClock("retry", "poll");
  const stop = new AbortController();
  const delay: Delay = (ms, signal, purpose) => {
    const waited = clock.delay(ms, signal, purpose);
    if (clock.ms >= WINDOW_MS) stop.abort();
    return waited;
  };
  try {
    const { signal } = stop;
    for await (const _ of subscribe(origin.url, { mechanism, after: "P1", delay, signal, ...options }))
      assert.unreachable();
  } finally {
    clock.restore();
    await origin.close();
  }
  return origin.asked.length;
}

for (const [name, mechanism = "auto", answering, options] of idle)
  test(`${name} is requested 2 to ${MOST} times in ${WINDOW_MS} ms`, async () => {
    const requests = await requestsOf(mechanism, answering, options);
    assert.ok(requests >= 2 && requests <= MOST, `${requests} requests`);
  });

test("after a message, the client reconnects as soon as the server says", async () => {
  for (const mechanism of ["polling", "long-polling"] as const) {
    let answers = 0;
    const origin = await scriptedOrigin((response, asked) =>
      page([`P${++answers}`], { retry: 1, ...(answers === 40 ? { closed: true } : {}) })(response, asked),
    );
    const clock = manualClock("retry", "poll");
    for await (const _ of subscribe(origin.url, { mechanism, delay: clock.delay }));
    clock.restore();
    await origin.close();
    assert.equal([origin.asked.length, clock.ms], [40, 39], mechanism);
  }
});

test.run();

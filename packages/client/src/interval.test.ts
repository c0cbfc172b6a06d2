// How often a client asks a server without news: at its own least interval, whatever the server says.
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Answering,
  json,
  opening,
  page,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { ShareClock } from "../../../tools/runner/share-clock.mjs";
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
  const signal = AbortSignal.timeout(WINDOW_MS);
  for await (const _ of subscribe(origin.url, { mechanism, after: "P1", signal, ...options }))
    assert.unreachable();
  await origin.close();
  return origin.asked.length;
}

// The clients spend most of the time waiting, so they run in parallel.
const counted = await Promise.allSettled(
  idle.map(([, mechanism = "auto", answering, options]) => requestsOf(mechanism, answering, options)),
);
for (const [index, [name]] of idle.entries())
  test(`${name} is requested at most ${MOST} times in ${WINDOW_MS} ms`, () => {
    const outcome = counted[index];
    if (outcome?.status !== "fulfilled") throw outcome?.reason;
    assert.ok(outcome.value >= 1 && outcome.value <= MOST, `${outcome.value} requests`);
  });

test("after a message, the client reconnects as soon as the server says", async () => {
  let answers = 0;
  const origin = await scriptedOrigin((response, asked) =>
    page([`P${++answers}`], { retry: 1, ...(answers === 40 ? { closed: true } : {}) })(response, asked),
  );
  for (const mechanism of ["polling", "long-polling"] as const) {
    answers = 0;
    const clock = new ShareClock();
    let spentMs = 0;
    for await (const _ of subscribe(origin.url, { mechanism })) spentMs = clock.ms;
    assert.ok(spentMs < 40 * 200, `${mechanism}: ${spentMs} ms`);
  }
  assert.is(origin.asked.length, 80);
  await origin.close();
});

test.run();

// The application's own time does not count against the server's time limits.
import { fetch as standardFetch } from "@tidemark/std";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ManualClock, manualClock } from "../../../testing/clients/manual-clock.ts";
import {
  type Answering,
  closing,
  opening,
  page,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { type SubscribeOptions, subscribe } from "./index.ts";

/** Longer than any of the client's time limits, and less than the application's `fetch` may take. */
const LONG_MS = 50_000;

const done: Answering = (response, asked) => {
  const isStream = asked.query.stream === "1";
  const answer = isStream ? stream(opening("P0") + closing("P0")) : page(["P1"], { closed: true });
  return answer(response, asked);
};

/** Let the client start its timers, move the clock on, and let the client notice. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

type Parts = readonly [options: SubscribeOptions, ...scripts: readonly Answering[]];

async function follow(parts: (clock: ManualClock) => Parts) {
  const clock = manualClock("retry", "poll");
  const [options, ...scripts] = parts(clock);
  const origin = await scriptedOrigin(...scripts, done);
  const failures: string[] = [];
  const onRetry = ({ error }: { error: Error }) => failures.push(error.message);
  const subscription = subscribe(origin.url, { delay: clock.delay, onRetry, ...options });
  try {
    for await (const _ of subscription) await pass(clock, LONG_MS);
  } finally {
    clock.restore();
    await origin.close();
  }
  return { failures, requests: origin.asked.length, mechanism: subscription.state.mechanism };
}

for (const mechanism of ["auto", "sse", "long-polling", "polling"] as const) {
  const expected = { failures: [], requests: 1, mechanism: mechanism === "auto" ? "sse" : mechanism };

  test(`${mechanism}: the headers function may take its time`, async () => {
    const result = await follow((clock) => {
      const headers = async () => {
        await pass(clock, LONG_MS);
        return { authorization: "Bearer 1" };
      };
      return [{ mechanism, waitS: 1, headers }];
    });
    assert.equal(result, expected);
  });

  test(`${mechanism}: the application's fetch may take its time before it sends`, async () => {
    const result = await follow((clock) => {
      const fetch: typeof globalThis.fetch = async (input, init) => {
        await pass(clock, LONG_MS);
        return standardFetch(input, { ...init, headers: { ...init?.headers } });
      };
      return [{ mechanism, waitS: 1, fetch }];
    });
    assert.equal(result, expected);
  });
}

test("a headers function that fails after a while causes no fallback", async () => {
  let calls = 0;
  const { failures, mechanism } = await follow((clock) => {
    const headers = async () => {
      await pass(clock, LONG_MS);
      if (++calls < 4) throw new Error("the token service is down");
      return {};
    };
    return [{ headers }];
  });
  assert.equal([failures.length, mechanism], [3, "sse"]);
});

test("connectTimeoutMs says how long the head of an answer may take", async () => {
  for (const [connectTimeoutMs, headMs, failures] of [
    [undefined, 10_000, ["[timeout] no answer in 10000 ms"]],
    [undefined, 9_999, []],
    [3_000, 3_000, ["[timeout] no answer in 3000 ms"]],
    [3_000, 2_999, []],
    [60_000, 59_999, []],
  ] as const) {
    const result = await follow((clock) => {
      const slow: Answering = async (response, asked) => {
        await pass(clock, headMs);
        await done(response, asked);
      };
      return [{ mechanism: "sse", ...(connectTimeoutMs && { connectTimeoutMs }) }, slow];
    });
    assert.equal(result.failures, failures);
  }
});

test.run();

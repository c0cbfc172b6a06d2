// The application's own time does not count against the server's time limits.
import { fetch as standardFetch } from "@tidemark/std";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fastWatchdogs, HASTE } from "../../../testing/clients/fast-watchdogs.ts";
import {
  type Answering,
  closing,
  opening,
  page,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { type SubscribeOptions, subscribe } from "./index.ts";

/** Longer than any watchdog of a test waits. */
const LONG_MS = 1_600;

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const done: Answering = (response, asked) => {
  const isStream = asked.query.stream === "1";
  const answer = isStream ? stream(opening("P0") + closing("P0")) : page(["P1"], { closed: true });
  return answer(response, asked);
};

async function follow(options: SubscribeOptions, ...scripts: readonly Answering[]) {
  const origin = await scriptedOrigin(...scripts, done);
  const failures: string[] = [];
  const onRetry = ({ error }: { error: Error }) => failures.push(error.message);
  const subscription = subscribe(origin.url, { delay: fastWatchdogs, onRetry, ...options });
  for await (const _ of subscription) await later(1);
  await origin.close();
  return { failures, requests: origin.asked.length, mechanism: subscription.state.mechanism };
}

for (const mechanism of ["auto", "sse", "long-polling", "polling"] as const) {
  const expected = { failures: [], requests: 1, mechanism: mechanism === "auto" ? "sse" : mechanism };

  test(`${mechanism}: the headers function may take its time`, async () => {
    const headers = async () => {
      await later(LONG_MS);
      return { authorization: "Bearer 1" };
    };
    assert.equal(await follow({ mechanism, waitS: 1, headers }), expected);
  });

  test(`${mechanism}: the application's fetch may take its time before it sends`, async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      await later(LONG_MS);
      return standardFetch(input, { ...init, headers: { ...init?.headers } });
    };
    assert.equal(await follow({ mechanism, waitS: 1, fetch }), expected);
  });
}

test("a headers function that fails after a while causes no fallback", async () => {
  let calls = 0;
  const headers = async () => {
    await later(1_100);
    if (++calls < 4) throw new Error("the token service is down");
    return {};
  };
  const { failures, mechanism } = await follow({ headers });
  assert.equal([failures.length, mechanism], [3, "sse"]);
});

test("connectTimeoutMs says how long the head of an answer may take", async () => {
  const slow: Answering = async (response, asked) => {
    await later(500); // the watchdog's ten seconds are a third of a second here
    await done(response, asked);
  };
  for (const [connectTimeoutMs, failures] of [
    [undefined, ["[timeout] no answer in 10000 ms"]],
    [3_000, ["[timeout] no answer in 3000 ms"]],
    [2_000 * HASTE, []],
  ] as const) {
    const options = connectTimeoutMs === undefined ? {} : { connectTimeoutMs };
    const result = await follow({ mechanism: "sse", ...options }, slow);
    // On a busy machine the second try can be late, too.
    assert.equal([...new Set(result.failures)], failures);
  }
});

test.run();

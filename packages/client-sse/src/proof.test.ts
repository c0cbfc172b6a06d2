// When a stream has shown that it works, which resets the count of consecutive failures.

import { ConnectionError, type SubscribeOptions } from "@tidemark/client-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../testing/clients/collect.ts";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  block,
  closing,
  cut,
  end,
  opening,
  resumed,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { subscribe } from "./index.ts";

const beat = "event: $heartbeat\ndata: {}\nid: P0\n\n";
const done = resumed("P0", closing("P0"));

/** The failures that the client reports: their count and cause. */
async function failuresOf(scripts: readonly Answering[], options: SubscribeOptions = {}) {
  const failures: [number, string][] = [];
  const origin = await scriptedOrigin(...scripts, done);
  await collect(
    subscribe(origin.url, {
      delay: noClock().delay,
      retryDelayMs: () => 1_000,
      onRetry: ({ error, failures: count }) =>
        failures.push([count, error instanceof ConnectionError ? error.failure : error.name]),
      ...options,
    }),
  );
  await origin.close();
  return failures;
}

/** Cut once the first block has arrived. */
const cutLater: Answering = (response) => {
  setTimeout(() => response.destroy(), 50);
};

test("a stream that ends or is cut after its first block is a failure, and repeats add up", async () => {
  const first = resumed("P0");
  assert.equal(await failuresOf([first, first, resumed("P0", "", cutLater), first]), [
    [1, "early"],
    [2, "early"],
    [3, "cut"],
    [4, "early"],
  ]);
});

test("a message or a second event proves that the connection works", async () => {
  const failing = resumed("P0");
  for (const proof of [block("P1"), beat]) {
    const failures = await failuresOf([failing, failing, resumed("P0", proof), failing]);
    assert.equal(failures, [
      [1, "early"],
      [2, "early"],
      [1, "early"],
    ]);
  }
});

test("bookmarks and comments prove nothing", async () => {
  const failing = resumed("P0", ": hello\n\nid: P0\n\n: again\n\n");
  assert.equal(await failuresOf([failing, failing]), [
    [1, "early"],
    [2, "early"],
  ]);
});

test("an old connection has proved that it works, unless it timed out", async () => {
  const { now } = performance;
  let skewMs = 0;
  performance.now = () => now.call(performance) + skewMs;
  const old = (then: Answering) =>
    resumed("P0", "", async (response, asked) => {
      await new Promise((resolve) => setTimeout(resolve, 50)); // by then the first block has been read
      skewMs += 6_000;
      await then(response, asked);
    });
  try {
    assert.equal(await failuresOf([resumed("P0"), old(end), cut, old(cut)]), [
      [1, "early"],
      [1, "unreachable"],
      [1, "cut"],
    ]);
  } finally {
    performance.now = now;
  }
});

test("a stream that begins elsewhere without a gap is a failure with backoff, and none of it is delivered", async () => {
  const elsewhere = stream(opening("P0") + block("P1") + block("P2"));
  const seen: string[] = [];
  const failures: [number, string][] = [];
  const origin = await scriptedOrigin(elsewhere, elsewhere, elsewhere, done);
  const onRetry = ({ error, failures: count }: { error: Error; failures: number }) =>
    failures.push([count, error.message]);
  for await (const { cursor } of subscribe(origin.url, { delay: noClock().delay, onRetry }))
    seen.push(cursor);
  await origin.close();
  assert.equal(seen, ["P1", "P2"]);
  const text = "[misplaced] the stream begins at P0 instead of P2";
  assert.equal(failures, [
    [1, text],
    [2, text],
  ]);
});

test.run();

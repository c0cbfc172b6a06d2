import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../testing/clients/collect.ts";
import { noClock } from "../../../testing/clients/no-clock.ts";
import { type Answering, json, page, scriptedOrigin } from "../../../testing/servers/scripted-origin.ts";
import { subscribe } from "./index.ts";

const done = page(["C1"], { closed: true });

/** Answer after some milliseconds. */
function after(ms: number, answering: Answering): Answering {
  return (response, asked) => {
    setTimeout(() => answering(response, asked), ms);
  };
}

async function waitsOf(waitS: number, ...scripts: readonly Answering[]): Promise<number[]> {
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(...scripts, done);
  const options = { after: "P0", waitS, delay, retryDelayMs: (failures: number) => failures * 100 };
  const seen = await collect(subscribe(origin.url, options));
  await origin.close();
  assert.is(seen.at(-1), "C1");
  assert.is(origin.asked.length, scripts.length + 1);
  return waits;
}

test("asks the server to hold the request, and repeats at once from the last page's cursor", async () => {
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(page([], { cursor: "P0" }), page(["P1"]), page(["P2"]), done);
  assert.equal(await collect(subscribe(origin.url, { after: "end", delay })), ["P1", "P2", "C1"]);
  await origin.close();
  assert.equal(waits, []);
  assert.equal(
    origin.asked.map(({ query }) => query),
    ["end", "P0", "P1", "P2"].map((after) => ({ after, wait: "25" })),
  );
});

test("early empty answers are failures with backoff", async () => {
  const early = page([], { cursor: "P0" });
  assert.equal(await waitsOf(30, early, early, page([], { cursor: "P5" })), [100, 200, 300]);
});

test("an empty answer after the wait is not a failure", async () => {
  assert.equal(await waitsOf(1, after(1_000, page([], { cursor: "P0" }))), []);
});

test("the wait that the server grants decides what is early", async () => {
  const tidemark = "v=1, mechanisms=(poll long-poll), max-wait=1";
  const empty = json({ messages: [], cursor: "P0", more: false }, 200, { tidemark });
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(after(1_000, empty), done);
  await collect(subscribe(origin.url, { after: "P0", waitS: 30, delay }));
  await origin.close();
  assert.equal(waits, []);
});

test("an early answer with news is not a failure", async () => {
  assert.equal(await waitsOf(1, page([], { cursor: "P1", more: true })), []);
  assert.equal(await waitsOf(1, page([], { cursor: "P1", retry: 300 })), [300]);
  assert.equal(await waitsOf(1, page(["P1"])), []);
});

test("a server that does not hold requests is polled", async () => {
  const tidemark = "v=1, mechanisms=(poll)";
  const empty = json({ messages: [], cursor: "P0", more: false }, 200, { tidemark });
  assert.equal(await waitsOf(1, empty, empty), [5_000, 5_000]);
});

test("a long poll times out 15 seconds after its wait", async () => {
  const origin = await scriptedOrigin(done);
  const watched: number[] = [];
  const delay = async (ms: number, signal: AbortSignal) => {
    watched.push(ms);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  await collect(subscribe(origin.url, { waitS: 20, delay }));
  await origin.close();
  assert.equal(watched.slice(0, 2), [35_000, 30_000]); // first for the head, then for each chunk of the page
});

test.run();

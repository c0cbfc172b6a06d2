import type { Delay } from "@tidemark/client-core/kit";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Answering,
  block,
  closing,
  hang,
  opening,
  scriptedOrigin,
  stream,
} from "../../client-core/test/scripted-origin.ts";
import { subscribe } from "./index.ts";

/** Watchdogs that bark when the test says so. */
function kennel() {
  const watched: number[] = [];
  const barks = new Set<() => void>();
  const delay: Delay = async (ms, signal, purpose) => {
    if (purpose !== "watchdog") return;
    watched.push(ms);
    await new Promise<void>((resolve) => {
      barks.add(resolve);
      signal.addEventListener("abort", () => {
        barks.delete(resolve);
        resolve();
      });
    });
  };
  return { delay, watched, barks };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test("an answer and its first block have ten seconds, and then silence has two heartbeats", async () => {
  const { delay, watched, barks } = kennel();
  const origin = await scriptedOrigin(stream(opening("P0", { heartbeat: 3 }) + block("P1"), hang), hang);
  const errors: string[] = [];
  const onRetry = ({ error }: { error: Error }) => errors.push(error.message);
  const subscription = subscribe(origin.url, { delay, onRetry });
  await subscription.next();
  assert.is(barks.size, 0, "nobody watches while the application is busy");
  const pending = subscription.next();
  await until(() => watched.length === 3);
  assert.equal(
    watched.map((ms) => Math.round(ms / 100) / 10),
    [10, 10, 6],
  );
  for (const bark of barks) bark();
  await until(() => origin.asked.length === 2);
  assert.equal(errors, ["[timeout] no event in 6000 ms"]);
  assert.is(origin.asked[1]?.query.after, "P1");
  await origin.asked[0]?.gone;
  await subscription.return();
  await pending;
  await origin.close();
});

test("comments and bookmarks are no sign of life, events are", async () => {
  const { delay, watched } = kennel();
  const pieces = [
    opening("P0", { heartbeat: 3 }),
    ": alive\n\n",
    "id: P1\n\n",
    "event: $heartbeat\ndata: {}\nid: P1\n\n",
  ];
  // A piece whenever the client has asked for the next.
  const oneByOne: Answering = async (response) => {
    for (const [index, piece] of pieces.entries()) {
      await until(() => watched.length === index + 2);
      response.write(piece);
    }
    await until(() => watched.length === pieces.length + 2);
    response.end(closing("P1"));
  };
  const origin = await scriptedOrigin(stream("", oneByOne));
  assert.equal(await subscribe(origin.url, { delay }).next(), { done: true, value: undefined });
  await origin.close();
  const [, , afterOpening, afterComment, afterBookmark, afterHeartbeat] = watched;
  assert.is(afterOpening, 6_000);
  assert.ok(Number(afterComment) < 6_000 && Number(afterBookmark) < Number(afterComment), `${watched}`);
  assert.is(afterHeartbeat, 6_000);
});

test("a heartbeat that makes no sense is taken as the usual one", async () => {
  for (const heartbeat of [0, -1, 1.5, "3", null, undefined]) {
    const { delay, watched } = kennel();
    const origin = await scriptedOrigin(stream(opening("P0", { heartbeat }), hang));
    const subscription = subscribe(origin.url, { delay });
    const pending = subscription.next();
    await until(() => watched.length === 3);
    assert.is(watched[2], 30_000);
    await subscription.return();
    await pending;
    await origin.close();
  }
});

/** Far more than the buffers of two sockets hold. */
const TOTAL = 1_000;
const PAYLOAD = "x".repeat(64 * 1024);
const MAX_BUFFERED_BYTES = 24 * 1024 * 1024;

test("an application that does not read stops the reading from the socket", async () => {
  let sent = 0;
  const flood: Answering = async (response) => {
    for (; sent < TOTAL; sent++) {
      const took = response.write(`data: "${PAYLOAD}"\nid: M${sent}\n\n`);
      if (!took) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end(closing(`M${TOTAL - 1}`));
  };
  const origin = await scriptedOrigin(stream(opening("P0"), flood));
  const subscription = subscribe(origin.url);
  await subscription.next();
  // The flood has come to a stop when many turns of the event loop bring nothing more.
  for (let [turns, last] = [0, -1]; turns < 2_000; turns = sent === last ? turns + 1 : 0) {
    last = sent;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(sent * PAYLOAD.length < MAX_BUFFERED_BYTES, `${sent} messages were sent to nobody`);
  let next = 1;
  for await (const { cursor } of subscription) assert.is(cursor, `M${next++}`);
  assert.is(next, TOTAL);
  await origin.close();
});

test.run();

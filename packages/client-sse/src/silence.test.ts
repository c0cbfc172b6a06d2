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
} from "../../../testing/servers/scripted-origin.ts";
import { subscribe } from "./index.ts";

/** Watchdogs that expire when the test says so. */
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

test("the head and the first block may take ten seconds each; after that, silence may last two heartbeats", async () => {
  const { delay, watched, barks } = kennel();
  const origin = await scriptedOrigin(stream(opening("P0", { heartbeat: 3 }) + block("P1"), hang), hang);
  const errors: string[] = [];
  const onRetry = ({ error }: { error: Error }) => errors.push(error.message);
  const subscription = subscribe(origin.url, { delay, onRetry });
  await subscription.next();
  assert.is(barks.size, 0, "no watchdog runs while the application is busy");
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

test("events are a sign of life; comments and bookmarks are not", async () => {
  const { delay, watched } = kennel();
  const pieces = [
    opening("P0", { heartbeat: 3 }),
    ": alive\n\n",
    "id: P1\n\n",
    "event: $heartbeat\ndata: {}\nid: P1\n\n",
  ];
  // Send a piece whenever the client waits for the next one.
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

test("an invalid heartbeat is replaced by the default", async () => {
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

test.run();

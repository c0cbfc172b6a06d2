// When a log loses messages, every reader gets a gap, by every mechanism: readers that are connected at that
// moment, and readers that come later with an earlier cursor. Uses our clients over HTTP.
import { setMaxListeners } from "node:events";
import { publish, subscribe } from "@tidemark/client";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../packages/log/test/steps.ts";
import { LOSSY, type LossyServer } from "./losses.ts";

const MECHANISMS = ["sse", "long-polling", "polling"] as const;
const QUICK = { retryDelayMs: () => 50 } as const;
const LAST = "new 8";

/** What a reader received, in order: the data of messages and the reasons of gaps. */
type Told = (string | { readonly gap: string })[];

/** Read from a position; after a gap, note it and continue from the channel's start. */
function follow(
  url: string,
  mechanism: (typeof MECHANISMS)[number],
  after: string,
  signal: AbortSignal,
): Told {
  const told: Told = [];
  const onGap = ({ reason }: { readonly reason: string }) => {
    told.push({ gap: reason });
    return "start" as const;
  };
  const read = async (): Promise<void> => {
    const options = { ...QUICK, mechanism, after, onGap, signal, waitS: 3 };
    for await (const { data } of subscribe<string>(url, options)) told.push(data);
  };
  read().catch((error: unknown) => told.push(`failed: ${error}`));
  return told;
}

/** Publish one by one; returns the cursor after each message. */
async function publishAll(url: string, name: string, count: number): Promise<string[]> {
  const cursors: string[] = [];
  for (let n = 1; n <= count; n++)
    cursors.push((await publish(url, [{ data: `${name} ${n}` }], { ...QUICK, maxAttempts: 100 })).cursor);
  return cursors;
}

async function beginningOf(url: string): Promise<string> {
  const { cursor } = (await (await fetch(`${url}?after=end`)).json()) as { cursor: string };
  return cursor;
}

function range(name: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `${name} ${first + i}`);
}

/** Call `lose` while readers wait at the end, then publish more than was lost; returns what each received. */
async function whileFollowed(
  { url }: LossyServer,
  end: string,
  lose: () => Promise<void>,
  signal: AbortSignal,
): Promise<Told[]> {
  const live = MECHANISMS.map((mechanism) => follow(url, mechanism, end, signal));
  await publishAll(url, "seen", 1);
  await until("all readers are at the end", () => live.every((told) => told.includes("seen 1")));
  await lose();
  await publishAll(url, "new", 8);
  return live;
}

/** Wait until every reader has the last message or has failed. */
async function complete(readers: readonly Told[]): Promise<void> {
  const ready = (): boolean => readers.every((told) => told.includes(LAST) || /failed/.test(told.join()));
  await until("every reader is at the end", ready, 60_000);
}

type Case = (server: LossyServer, signal: AbortSignal) => Promise<void>;

const cases: (() => Promise<void>)[] = [];
let outcomes: Promise<PromiseSettledResult<void>[]> | undefined;

/** A test that mostly waits. All of these run concurrently when the first one starts. */
function waiting(name: string, start: () => Promise<LossyServer>, run: Case): void {
  const index = cases.push(() => withServer(start, run)) - 1;
  test(name, async () => {
    outcomes ??= Promise.allSettled(cases.map((begin) => begin()));
    const outcome = (await outcomes)[index];
    assert.ok(outcome);
    if (outcome.status === "rejected") throw outcome.reason;
  });
}

async function withServer(start: () => Promise<LossyServer>, run: Case): Promise<void> {
  const server = await start();
  const abort = new AbortController();
  setMaxListeners(100, abort.signal); // it ends all readers of a test
  try {
    await run(server, abort.signal);
  } finally {
    abort.abort();
    await server.stop();
  }
}

/** The reader got a gap after `before`, with the reason of a loss, and then `after`. */
function assertGapFirst(told: Told, before: readonly string[], after: readonly string[]): void {
  const gap = told[before.length];
  assert.ok(
    typeof gap === "object" && /^(epoch|ahead)$/.test(gap.gap),
    `expected a gap with the reason epoch or ahead at ${before.length}: ${JSON.stringify(told)}`,
  );
  assert.equal(told, [...before, gap, ...after]);
}

for (const [name, start] of Object.entries(LOSSY)) {
  waiting(
    `${name}: when everything is lost, every reader gets a gap, even if more is published later`,
    start,
    async (server, signal) => {
      const positions = [await beginningOf(server.url), ...(await publishAll(server.url, "old", 5))];
      const live = await whileFollowed(server, positions[5] ?? "", () => server.loseAll(), signal);
      const later = positions.flatMap((after) =>
        MECHANISMS.map((way) => follow(server.url, way, after, signal)),
      );
      await complete([...live, ...later]);
      for (const told of live) assertGapFirst(told, ["seen 1"], range("new", 1, 8));
      for (const told of later) assertGapFirst(told, [], range("new", 1, 8));
    },
  );

  waiting(
    `${name}: when an older state is restored, readers past that state get a gap, and no others`,
    start,
    async (server, signal) => {
      const kept = [await beginningOf(server.url), ...(await publishAll(server.url, "old", 3))];
      await server.backUp();
      const lost = await publishAll(server.url, "lost", 4);
      const live = await whileFollowed(server, lost[3] ?? "", () => server.restore(), signal);
      const all = [...range("old", 1, 3), ...range("new", 1, 8)];
      const followAll = (cursors: readonly string[]) =>
        cursors.map((after) => MECHANISMS.map((way) => follow(server.url, way, after, signal)));
      const [ofKept, ofLost] = [followAll(kept), followAll(lost)];
      await complete([...live, ...ofKept.flat(), ...ofLost.flat()]);
      for (const told of live) assertGapFirst(told, ["seen 1"], all);
      for (const told of ofLost.flat()) assertGapFirst(told, [], all);
      for (const [i, readers] of ofKept.entries())
        for (const told of readers) assert.equal(told, all.slice(i), `after ${i} messages`);
    },
  );
}

test.run();

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { publish } from "@tidemark/client";
import { ShareClock } from "../../../tools/runner/share-clock.mjs";
import type { Mode, Order, Report } from "./hook-server.ts";
import { OutageReader } from "./outage-reader.ts";

/** The outcome. It is good if nothing was lost, and only revoked sessions had to reopen a stream. */
export interface Outcome {
  readonly published: number;
  readonly outages: number;
  readonly revoked: number;
  /** Messages that a reader got out of order or twice. */
  readonly astray: number;
  /** Readers that did not get the last message in time, or failed. */
  readonly hung: number;
  /** Streams that ended although their session was valid. */
  readonly reopened: number;
  /** Streams that their readers gave up because nothing came for two heartbeats, as on a machine without CPU time. */
  readonly silences: number;
  readonly asked: number;
  readonly reported: number;
  /** How many more descriptors the server has after all readers have left than before they came. */
  readonly leaked: number;
  /** Streams, held long polls and feeds that the server still has then. */
  readonly left: number;
  /** Each expected state that was not reached in time, with the state at that time. */
  readonly unreached: readonly string[];
  readonly heapMiB: number;
}

/** Streams and long polls, each with a session of its own; sixteen principals. */
const STREAMS = 100;
const POLLS = 50;
const PRINCIPALS = 16;

/** Between two messages, in milliseconds. */
const PAUSE_MS = 20;
/** The longest outage, and the longest time between two, in milliseconds. */
const MAX_OUTAGE_MS = 6_000;
/** How long to wait for an expected state, in milliseconds; only a fault takes this long. */
const GRACE_MS = 60_000;

/** How many checks in a row must find the server idle: clients open connections in advance while they close. */
const QUIET = 40;

const MODES: readonly Mode[] = ["fails", "is overloaded", "hangs"];

/** Publish to readers for `durationMs` while `authorize` fails again and again. */
export async function surviveOutages(
  durationMs: number,
  onOutage: (outage: number, mode: Mode, report: Report) => void = () => undefined,
): Promise<Outcome> {
  const server = fork(fileURLToPath(new URL("hook-server.ts", import.meta.url)), { stdio: "inherit" });
  try {
    const [port] = (await once(server, "message")) as [number];
    return await run(server, `http://127.0.0.1:${port}/channels/a`, durationMs, onOutage);
  } finally {
    server.kill("SIGKILL");
  }
}

async function run(
  server: ChildProcess,
  url: string,
  durationMs: number,
  onOutage: (outage: number, mode: Mode, report: Report) => void,
): Promise<Outcome> {
  const before = await report(server);
  const readers = Array.from({ length: STREAMS + POLLS }, (_, index) => {
    const mechanism = index < STREAMS ? "sse" : "long-polling";
    return new OutageReader(url, `user${index % PRINCIPALS}.${index}`, mechanism);
  });
  let streams = 0;
  await until(
    async () => {
      ({ streams } = await report(server));
      return streams === STREAMS;
    },
    "all streams are open",
    () => `${streams} of ${STREAMS}`,
  );
  const end = performance.now() + durationMs;
  const publishing = publishUntil(url, end);
  const { outages, revoked } = await breakHook(server, readers, end, onOutage);
  const published = await publishing;
  const all = (): boolean => readers.every((reader) => reader.next === published || reader.error);
  const unreached: string[] = [];
  const reach = async (what: string, seen: () => boolean | Promise<boolean>): Promise<void> => {
    if (!(await reaches(seen))) unreached.push(what);
  };
  await reach("all readers have every message", all);
  const { asked, reported } = await report(server);
  const hung = readers.filter(({ next, error }) => next !== published || error !== undefined).length;
  await Promise.all(readers.map((reader) => reader.close()));
  let quiet = 0;
  const isQuiet = async (): Promise<boolean> => {
    send(server, { tidy: true });
    quiet = leftOf(await report(server), before) === 0 ? quiet + 1 : 0;
    return quiet === QUIET;
  };
  await reach("the server is idle", isQuiet);
  const after = await report(server);
  return {
    published,
    outages,
    revoked,
    astray: sumOf(readers, ({ astray }) => astray),
    hung,
    reopened: sumOf(readers, ({ ended }) => ended),
    silences: sumOf(readers, ({ silences }) => silences),
    asked,
    reported,
    leaked: Math.max(0, after.descriptors - before.descriptors), // negative if an idle connection was closed meanwhile
    left: after.streams + after.held + after.feeds,
    heapMiB: after.heapMiB,
    unreached,
  };
}

function sumOf(readers: readonly OutageReader[], count: (reader: OutageReader) => number): number {
  return readers.reduce((sum, reader) => sum + count(reader), 0);
}

function leftOf(now: Report, before: Report): number {
  return now.streams + now.held + now.feeds + Math.max(0, now.descriptors - before.descriptors);
}

async function publishUntil(url: string, end: number): Promise<number> {
  let published = 0;
  for (; performance.now() < end; published += 1) {
    await publish(url, [{ data: published }]);
    await delay(PAUSE_MS);
  }
  return published;
}

/** Let `authorize` alternate between failing and working; each time it works again, end one session. */
async function breakHook(
  server: ChildProcess,
  readers: readonly OutageReader[],
  end: number,
  onOutage: (outage: number, mode: Mode, report: Report) => void,
): Promise<{ outages: number; revoked: number }> {
  let [outages, revoked] = [0, 0];
  const streams = readers.slice(0, STREAMS);
  while (performance.now() < end) {
    const mode = MODES[outages % MODES.length] ?? "fails";
    send(server, { mode });
    outages += 1;
    await delay(Math.random() * MAX_OUTAGE_MS);
    onOutage(outages, mode, await report(server));
    send(server, { mode: "works" });
    const reader = streams[revoked % STREAMS];
    if (!reader) break;
    reader.expectEnd();
    send(server, { revoke: reader.session });
    revoked += 1;
    await until(
      () => reader.isBack,
      "the stream is open again, with a new session",
      () => reader.state,
    );
    await delay(Math.random() * MAX_OUTAGE_MS);
  }
  return { outages, revoked };
}

function send(server: ChildProcess, order: Order): void {
  server.send(order);
}

async function report(server: ChildProcess): Promise<Report> {
  const answer = once(server, "message");
  send(server, { report: true });
  const [told] = (await answer) as [Report];
  return told;
}

/** @throws Error with the state that `describe` returns, if `seen` is not true in time */
async function until(
  seen: () => boolean | Promise<boolean>,
  what: string,
  describe: () => string,
): Promise<void> {
  if (!(await reaches(seen))) throw new Error(`did not happen within ${GRACE_MS} ms: ${what}; ${describe()}`);
}

/** Whether `seen` becomes true in time. */
async function reaches(seen: () => boolean | Promise<boolean>): Promise<boolean> {
  const clock = new ShareClock();
  while (!(await seen())) {
    if (clock.ms > GRACE_MS) return false;
    await delay(50);
  }
  return true;
}

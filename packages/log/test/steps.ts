import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import type { Cursor, Position, ProtocolError, RawDraft } from "@tidemark/protocol";
import { ShareClock } from "../../../tools/runner/share-clock.mjs";

const ALL = 1_000_000;

/** The longest that anything is waited for, in milliseconds; only a failing log takes it. */
const GRACE_MS = 30_000;

/** A prefix that no other test has. */
export function freshPrefix(): string {
  return `test-${randomBytes(6).toString("hex")}`;
}

/** Drafts of these numbers. */
export function drafts(...numbers: readonly number[]): RawDraft[] {
  return numbers.map((number) => ({ json: String(number) }));
}

/** Append one by one; answers all positions from the beginning on. */
export async function positionsAfter(log: Log, channel: string, count: number): Promise<Cursor[]> {
  const positions = [await startOf(log, channel)];
  for (let number = 1; number <= count; number++)
    positions.push((await log.append(channel, drafts(number))).cursor);
  return positions;
}

export async function startOf(log: Log, channel: string): Promise<Cursor> {
  return (await log.read(channel, "start", { maxMessages: 1 })).from;
}

/** The data of all that follows a position. */
export async function dataAfter(log: Log, channel: string, from: Position = "start"): Promise<string[]> {
  return (await log.read(channel, from, { maxMessages: ALL })).messages.map(({ json }) => json);
}

/** Why each position cannot be gone on from; `undefined` for one that can. */
export function gapReasons(log: Log, channel: string, positions: readonly Cursor[]): Promise<unknown[]> {
  return Promise.all(positions.map((from) => gapReason(log, channel, from)));
}

async function gapReason(log: Log, channel: string, from: Cursor): Promise<unknown> {
  try {
    await log.read(channel, from, { maxMessages: 1 });
    return undefined;
  } catch (error) {
    if (codeOf(error) !== "gap") throw error;
    return (error as ProtocolError).members.reason;
  }
}

/** The code of the problem that it fails with; `undefined` if it does not. */
export function failureOf(attempt: Promise<unknown>): Promise<string | undefined> {
  return attempt.then(() => undefined, codeOf);
}

/** What each of the four calls fails with. */
export function failures(log: Log): Promise<(string | undefined)[]> {
  const calls = [
    log.append("news", drafts(1)),
    log.read("news", "start", { maxMessages: 1 }),
    log.watch("news", () => undefined),
    log.remove("news"),
  ];
  return Promise.all(calls.map(failureOf));
}

/** All {@link failures} of a log whose engine is away. */
export const ALL_UNAVAILABLE: readonly string[] = Array(4).fill("unavailable");

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Resolves once `holds`; fails if it does not come to. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  graceMs: number = GRACE_MS,
): Promise<void> {
  const clock = new ShareClock();
  while (!(await holds())) {
    if (clock.ms > graceMs) throw new Error(`${what}: not in ${graceMs} ms`);
    await sleep(5);
  }
}

/** Reads a channel on wake-ups alone, as a feed does; a Redis that is away is tried again at the next one. */
export async function follow(log: Log, channel: string) {
  const seen: string[] = [];
  let from = await startOf(log, channel);
  let reading: Promise<void> = Promise.resolve();
  const readOn = async (): Promise<void> => {
    try {
      for (let more = true; more; ) {
        const page = await log.read(channel, from, { maxMessages: 50 });
        seen.push(...page.messages.map(({ json }) => json));
        ({ more, cursor: from } = page);
      }
    } catch (error) {
      if (codeOf(error) !== "unavailable") throw error;
    }
  };
  const unwatch = await log.watch(channel, () => {
    reading = reading.then(readOn);
  });
  const stop = async (): Promise<void> => {
    await unwatch();
    await reading;
  };
  return { seen, stop };
}

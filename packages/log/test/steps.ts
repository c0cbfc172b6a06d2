import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@tidemark/log";
import type { Cursor, Position, ProtocolError, RawDraft } from "@tidemark/protocol";
import { ShareClock } from "../../../tools/runner/share-clock.mjs";

const ALL = 1_000_000;

/** The longest wait for anything, in milliseconds; only a failing log takes this long. */
const GRACE_MS = 30_000;

/** A prefix that no other test uses. */
export function freshPrefix(): string {
  return `test-${randomBytes(6).toString("hex")}`;
}

/** Drafts of these numbers. */
export function drafts(...numbers: readonly number[]): RawDraft[] {
  return numbers.map((number) => ({ json: String(number) }));
}

/** Append one by one. Returns all positions from the start. */
export async function positionsAfter(log: Log, channel: string, count: number): Promise<Cursor[]> {
  const positions = [await startOf(log, channel)];
  for (let number = 1; number <= count; number++)
    positions.push((await log.append(channel, drafts(number))).cursor);
  return positions;
}

export async function startOf(log: Log, channel: string): Promise<Cursor> {
  return (await log.read(channel, "start", { maxMessages: 1 })).from;
}

/** The data of all messages after a position. */
export async function dataAfter(log: Log, channel: string, from: Position = "start"): Promise<string[]> {
  return (await log.read(channel, from, { maxMessages: ALL })).messages.map(({ json }) => json);
}

/** The gap reason of each position; `undefined` for a valid one. */
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

/** The problem code of a rejection; `undefined` if the attempt resolves. */
export function failureOf(attempt: Promise<unknown>): Promise<string | undefined> {
  return attempt.then(() => undefined, codeOf);
}

/** The problem codes of the four calls. */
export function failures(log: Log): Promise<(string | undefined)[]> {
  const calls = [
    log.append("news", drafts(1)),
    log.read("news", "start", { maxMessages: 1 }),
    log.watch("news", () => undefined),
    log.remove("news"),
  ];
  return Promise.all(calls.map(failureOf));
}

/** The expected {@link failures} of a log whose engine is away. */
export const ALL_UNAVAILABLE: readonly string[] = Array(4).fill("unavailable");

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Resolves once `holds` returns true; rejects after the grace time. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  graceMs: number = GRACE_MS,
): Promise<void> {
  const clock = new ShareClock();
  while (!(await holds())) {
    if (clock.ms > graceMs) throw new Error(`${what}: not within ${graceMs} ms`);
    await sleep(5);
  }
}

/** Follow a channel by wake-ups alone, as a feed does. If the engine is away, the next wake-up retries. */
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

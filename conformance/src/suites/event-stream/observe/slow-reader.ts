import type { Observation } from "./observation.ts";
import { Publisher } from "./publisher.ts";
import type { Stream } from "./stream.ts";

/** A reader that takes a pause now and then: what it got, and whether the server could notice. */
export interface SlowRead {
  readonly stream: Stream;
  /** Whether the server ended the stream while the witness's went on. */
  readonly wasCut: boolean;
  /** The most bytes that the witness got during one pause. */
  readonly mostBytes: number;
}

/** The kernels of both sides take up to 4 MB on one machine before a server notices that nobody reads. */
export const FELT_BYTES: number = 6 * 1_048_576;

/** How often the reader does not read, and for how long: longer if that much can come. */
const PAUSES = 2;
const PAUSE_MS = 3_000;
const LONG_PAUSE_MS = 8_000;

/** How long it reads between two pauses, and after the last one. */
const READ_MS = 60;
const CATCH_UP_MS = 5_000;

/** Published to fill the buffers: small enough for servers that take 100 kB, and so many at a time. */
const LARGE_CHARACTERS = 60_000;
const AT_ONCE = 4;

/** Read with a reader that stops reading for a while, again and again. */
export function readSlowly(seen: Observation): Promise<SlowRead | undefined> {
  return seen.inTurn("slow", async () => {
    const stream = seen.open();
    if (!stream) return undefined;
    const isOver = (): boolean => stream.exchange.ending !== undefined;
    await seen.wait(() => stream.exchange.body.length > 0 || isOver(), PAUSE_MS);
    let mostBytes = 0;
    for (let n = 0; n < PAUSES && !isOver(); n += 1) {
      stream.exchange.pause(true);
      mostBytes = Math.max(mostBytes, await fillBuffers(seen));
      stream.exchange.pause(false);
      if (mostBytes < FELT_BYTES) break; // another pause would not be noticed either
      await seen.wait(isOver, READ_MS);
    }
    const later = seen.feedOf(seen.witness).length;
    await seen.wait(() => isOver() || hasCaughtUp(seen, stream, later), CATCH_UP_MS);
    const wasCut = isOver() && !seen.witness.hasEnded;
    stream.exchange.abort();
    return { stream, wasCut, mostBytes };
  });
}

/** Wait, and publish if possible, until so much has come that no buffer holds it. Returns how many bytes came. */
async function fillBuffers(seen: Observation): Promise<number> {
  const before = seen.witness.exchange.receivedBytes;
  const came = (): number => seen.witness.exchange.receivedBytes - before;
  const isFull = (): boolean => came() >= FELT_BYTES;
  const filled = seen.target.driver ? publishLarge(seen, isFull) : undefined;
  await seen.wait(isFull, PAUSE_MS);
  const enough = came() * (LONG_PAUSE_MS / PAUSE_MS) >= FELT_BYTES;
  if (enough) await seen.wait(isFull, LONG_PAUSE_MS - PAUSE_MS);
  await filled;
  return came();
}

/** Publish large messages until enough has come, or the server refuses one. */
async function publishLarge(seen: Observation, isEnough: () => boolean): Promise<void> {
  const publisher = new Publisher(seen);
  const most = Math.ceil((2 * FELT_BYTES) / LARGE_CHARACTERS);
  for (let sent = 0; sent < most && !isEnough() && !seen.signal.aborted; sent += AT_ONCE) {
    const messages = Array.from({ length: AT_ONCE }, () => publisher.message());
    const large = messages.map((one) => ({ ...one, text: one.mark.padEnd(LARGE_CHARACTERS, ".") }));
    const answers = await Promise.all(large.map((one) => publisher.send(one)));
    if (answers.some(({ refused }) => refused !== undefined)) return;
  }
}

/** Whether a reader has an event that the witness got after so many others. */
function hasCaughtUp(seen: Observation, stream: Stream, later: number): boolean {
  const last = seen.feedOf(stream).at(-1)?.id;
  return last !== undefined && seen.feedOf(seen.witness).findLastIndex(({ id }) => id === last) >= later;
}

import type { Observation } from "./observation.ts";
import type { Stream } from "./stream.ts";

/** How long the first of two streams is watched, before and after the second is opened. */
const BESIDE_MS = 1_200;

/** How long a stream is alone before another one is opened: two times, so that a stream of a fixed length shows itself. */
const ALONE_MS: readonly number[] = [1_200, 300];

/** How soon after another one was opened a stream ends that has to make room for it. */
const TAKEN_MS = 600;

/** Whether a stream ends because another one is opened: it lives alone, and ends beside another, each time. */
export function isTakenOver(seen: Observation): Promise<boolean> {
  return seen.inTurn("taken-over", async () => {
    for (const aloneMs of ALONE_MS) if (!(await endsBeside(seen, aloneMs))) return false;
    return true;
  });
}

async function endsBeside(seen: Observation, aloneMs: number): Promise<boolean> {
  const one = seen.open();
  if (!one) return false;
  const isOver = (): boolean => one.exchange.ending !== undefined;
  await seen.wait(() => one.exchange.status !== undefined || isOver(), BESIDE_MS);
  if (await seen.wait(isOver, aloneMs)) return false;
  const other = seen.open();
  const ended = await seen.wait(isOver, TAKEN_MS);
  one.exchange.abort();
  other?.exchange.abort();
  return ended;
}

/** How many readers are opened at once. */
export const READERS = 12;

/** How long they read. */
const READERS_MS = 6_000;

/** Open twelve readers at once, and read with all of them. */
export function readWithTwelve(seen: Observation): Promise<readonly Stream[]> {
  return seen.inTurn("twelve", async () => {
    const streams: Stream[] = [];
    for (let n = 0; n < READERS; n += 1) {
      const stream = seen.open();
      if (stream) streams.push(stream);
    }
    const isAnswered = ({ exchange }: Stream): boolean =>
      exchange.status !== undefined || exchange.ending !== undefined;
    await seen.wait(() => streams.every(isAnswered), READERS_MS);
    const before = seen.feedOf(seen.witness).length;
    const enough = (): boolean => seen.feedOf(seen.witness).length >= before + 4;
    await seen.wait(enough, READERS_MS);
    await seen.wait(() => streams.every((stream) => seen.feedOf(stream).length >= 2), BESIDE_MS);
    for (const { exchange } of streams) exchange.abort();
    return streams;
  });
}

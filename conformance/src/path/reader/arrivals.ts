import { readStamp, sizeOf, writeOf } from "../stamp.ts";
import type { TimedBytes } from "./fetching.ts";

/** A write of the origin, and when its last byte came. */
export interface Arrival {
  readonly n: number;
  readonly bytes: number;
  /** On the origin's clock, from its stamp. */
  readonly sentMs: number;
  /** On the reader's clock. */
  readonly arrivedMs: number;
}

/** The writes that came whole, and where the bytes differ from what was sent. */
export interface Arrivals {
  readonly writes: readonly Arrival[];
  /** The first byte that differs, and what is there. Undefined if all that came is what was sent. */
  readonly altered: string | undefined;
}

/** Compare what came with what was sent, byte for byte, and find the arrival of each write. */
export function readArrivals(chunks: readonly TimedBytes[], sizes: readonly number[]): Arrivals {
  const content = Buffer.concat(chunks.map(({ bytes }) => bytes));
  const writes: Arrival[] = [];
  let from = 0;
  for (const [index, size] of sizes.entries()) {
    const bytes = sizeOf(size);
    const part = content.subarray(from, from + bytes);
    const stamp = readStamp(part);
    if (part.length < bytes) {
      const isPrefix = part.length === 0 || part[0] === 58; // ":"
      return { writes, altered: isPrefix ? undefined : differenceAt(from, part) };
    }
    if (stamp?.n !== index + 1 || !part.equals(writeOf(index + 1, stamp.atMs, size)))
      return { writes, altered: differenceAt(from, part) };
    from += bytes;
    writes.push({ n: index + 1, bytes, sentMs: stamp.atMs, arrivedMs: arrivalOf(chunks, from) });
  }
  const extra = content.subarray(from);
  return { writes, altered: extra.length > 0 ? differenceAt(from, extra) : undefined };
}

function differenceAt(offset: number, part: Uint8Array): string {
  const seen = JSON.stringify(Buffer.from(part.subarray(0, 40)).toString("latin1"));
  return `what came differs from what was sent in the write at byte ${offset}: ${seen}`;
}

/** When byte number `count` came. */
function arrivalOf(chunks: readonly TimedBytes[], count: number): number {
  let sum = 0;
  for (const { atMs, bytes } of chunks) {
    sum += bytes.length;
    if (sum >= count) return atMs;
  }
  return Number.POSITIVE_INFINITY;
}

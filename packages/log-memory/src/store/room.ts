import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";

// Heap overhead beside the text, in bytes: measured with Node 20, and rounded up.
export const MESSAGE_BYTES = 280;
export const CHANNEL_BYTES = 1_000;
export const KEY_BYTES = 700;
export const BEGINNING_BYTES = 200;

/**
 * The default share of the memory for a log. A text with one character outside Latin-1 takes two bytes per
 * character, so the log can use twice as much as it counts. The other half is for requests, pages and the
 * garbage collector.
 */
const DEFAULT_SHARE = 1 / 4;

/** The byte budget of an in-memory log, counted with the costs above. */
export class Room {
  readonly maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get used(): number {
    return this.#used;
  }

  has(bytes: number): boolean {
    return this.#used + bytes <= this.maxBytes;
  }

  take(bytes: number): void {
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

/** A share of the heap limit, or of the memory of the container or machine if that is less. */
export function defaultMaxBytes(): number {
  const { heap_size_limit: heap } = getHeapStatistics();
  const constrained = process.constrainedMemory?.() ?? 0;
  const limits = [heap, constrained, totalmem()].filter((bytes) => bytes > 0); // 0: unknown
  return Math.floor(Math.min(...limits) * DEFAULT_SHARE);
}

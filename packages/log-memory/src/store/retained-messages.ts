import { Buffer } from "node:buffer";
import type { Retention } from "@tidemark/log/parts";
import type { Cursor, RawMessage } from "@tidemark/protocol";
import { MESSAGE_BYTES, Room } from "./room.ts";

/** Replaces a dropped message until the arrays are cut, so that its data can be freed at once. */
const DROPPED: RawMessage = { cursor: "", json: "" };

/** Do not cut the arrays for fewer dropped messages than this. */
const MIN_CUT = 64;

/** The retained messages of one channel: a queue whose reads are slices. Every step is O(1), amortized. */
export class RetainedMessages {
  // Parallel arrays, so that a page is one `slice`. The entries before `#head` were dropped.
  readonly #messages: RawMessage[] = [];
  readonly #sizes: number[] = [];
  readonly #timesMs: number[] = [];
  #head = 0;
  #bytes = 0;
  #startSeq: number;
  #start: Cursor;
  readonly #room: Room;

  /**
   * An empty channel at position `start`, after `startSeq` messages. Messages take their bytes from `room`.
   */
  constructor(start: Cursor, startSeq: number, room: Room = new Room(Number.POSITIVE_INFINITY)) {
    this.#start = start;
    this.#startSeq = startSeq;
    this.#room = room;
  }

  get length(): number {
    return this.#messages.length - this.#head;
  }

  /** The position just before the oldest retained message. */
  get start(): Cursor {
    return this.#start;
  }

  get startSeq(): number {
    return this.#startSeq;
  }

  /** The position after the newest message, retained or not. */
  get end(): Cursor {
    return this.cursorAt(this.length);
  }

  get endSeq(): number {
    return this.#startSeq + this.length;
  }

  /** The cursor of the position after `offset` retained messages. */
  cursorAt(offset: number): Cursor {
    if (offset === 0) return this.#start;
    return (this.#messages[this.#head + offset - 1] ?? DROPPED).cursor;
  }

  push(message: RawMessage, nowMs: number): void {
    const size = sizeOf(message);
    this.#messages.push(message);
    this.#sizes.push(size);
    this.#timesMs.push(nowMs);
    this.#bytes += size;
    this.#room.take(size + MESSAGE_BYTES);
  }

  /** The messages from `offset` on, within both bounds, but at least one if there is one. */
  slice(offset: number, maxMessages: number, maxBytes: number): RawMessage[] {
    const first = this.#head + offset;
    const limit = Math.min(this.#messages.length, first + maxMessages);
    let last = first;
    for (let bytes = 0; last < limit; last++) {
      bytes += this.#sizes[last] ?? 0;
      if (bytes > maxBytes && last > first) break;
    }
    return this.#messages.slice(first, last);
  }

  /** Drop the oldest messages until the rest is within `retention`. */
  trim(retention: Retention, nowMs: number): void {
    const count = this.#surplus(retention, nowMs, 0, 0);
    if (count > 0) this.dropOldest(count);
  }

  /** The bytes that `trim` frees once `moreMessages` messages of `moreBytes` bytes are added. */
  freedBy(retention: Retention, nowMs: number, moreMessages: number, moreBytes: number): number {
    const count = this.#surplus(retention, nowMs, moreMessages, moreBytes);
    let bytes = count * MESSAGE_BYTES;
    for (let i = 0; i < count; i++) bytes += this.#sizes[this.#head + i] ?? 0;
    return bytes;
  }

  /** The number of oldest messages that exceed `retention`. */
  #surplus(retention: Retention, nowMs: number, moreMessages: number, moreBytes: number): number {
    // The newest message is kept even beyond the byte bound; otherwise an oversized one would be lost unread.
    const mostByBytes = this.length + Math.min(0, moreMessages - 1);
    let count = Math.min(this.length, Math.max(0, this.length + moreMessages - retention.maxMessages));
    let bytes = this.#bytes + moreBytes;
    for (let i = 0; i < count; i++) bytes -= this.#sizes[this.#head + i] ?? 0;
    for (; bytes > retention.maxBytes && count < mostByBytes; count++) {
      bytes -= this.#sizes[this.#head + count] ?? 0;
    }
    const oldestMs = nowMs - retention.maxAgeMs;
    while (count < this.length && (this.#timesMs[this.#head + count] ?? nowMs) < oldestMs) count++;
    return count;
  }

  dropOldest(count: number): void {
    const end = this.#head + Math.min(count, this.length);
    if (end === this.#head) return;
    this.#start = (this.#messages[end - 1] ?? DROPPED).cursor;
    this.#startSeq += end - this.#head;
    for (; this.#head < end; this.#head++) {
      const size = this.#sizes[this.#head] ?? 0;
      this.#bytes -= size;
      this.#room.give(size + MESSAGE_BYTES);
      this.#messages[this.#head] = DROPPED;
    }
    // Cutting moves the remaining messages. It waits until at least as many were dropped, so the cost is
    // amortized.
    if (this.#head >= MIN_CUT && this.#head >= this.length) this.#cut();
  }

  #cut(): void {
    for (const array of [this.#messages, this.#sizes, this.#timesMs]) array.splice(0, this.#head);
    this.#head = 0;
  }
}

/** The bytes that a message counts against the byte bounds. */
export function sizeOf({ event, json }: Pick<RawMessage, "event" | "json">): number {
  return Buffer.byteLength(json) + (event === undefined ? 0 : Buffer.byteLength(event));
}

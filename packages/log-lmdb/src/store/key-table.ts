import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type Appended, type AppendOptions, formatLogCursor, keyReusedError } from "@tidemark/log";
import type { ChannelState } from "./channel-state.ts";
import { type CheckedTable, FIRST_BYTES } from "./checked-table.ts";
import { DAMAGED } from "./record-codec.ts";

type Key = NonNullable<AppendOptions["key"]>;

/**
 * A compact record of an append's answer: its cursors share epoch and tag, so its size does not depend on the
 * drafts.
 */
type Row = [untilMs: number, digest: string, seq: number, tag: string, count: number, closed: 0 | 1];

const TIME_BYTES = 6;

/** Idempotency keys and their answers. Reads anywhere; writes in a transaction only. */
export class KeyTable {
  readonly #answers: CheckedTable<Uint8Array>;
  /** The same keys, prefixed with the time at which each expires: the oldest come first. */
  readonly #expiry: CheckedTable<Uint8Array>;
  readonly #ttlMs: number;
  // An aborted transaction may leave this slightly wrong; the bound need not be exact.
  #size: number;

  constructor(answers: CheckedTable<Uint8Array>, expiry: CheckedTable<Uint8Array>, ttlMs: number) {
    this.#answers = answers;
    this.#expiry = expiry;
    this.#ttlMs = ttlMs;
    this.#size = answers.count(FIRST_BYTES);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * The answer to the earlier append with this key. @throws ProtocolError `key-reused` if its digest differs.
   */
  recall(epoch: string, { id, digest }: Key, nowMs: number): Appended | undefined {
    const text = this.#answers.get(nameOf(epoch, id));
    if (text === undefined) return undefined;
    const row: Row = JSON.parse(text);
    const [untilMs, first, seq, tag, count, closed] = row;
    if (untilMs <= nowMs) return undefined;
    if (first !== digest) throw keyReusedError();
    const cursors = Array.from({ length: count }, (_, i) =>
      formatLogCursor({ epoch, seq: seq - count + 1 + i, tag }),
    );
    return { cursors, cursor: formatLogCursor({ epoch, seq, tag }), closed: closed === 1, replayed: true };
  }

  /** Remember the answer of an append of `count` drafts; `state` is the state after it. */
  remember({ id, digest }: Key, state: ChannelState, count: number, nowMs: number): void {
    const name = nameOf(state.epoch, id);
    const untilMs = nowMs + this.#ttlMs;
    const row: Row = [untilMs, digest, state.endSeq, state.endTag, count, state.closed ? 1 : 0];
    if (this.#answers.get(name) === undefined) this.#size += 1;
    this.#answers.put(name, JSON.stringify(row));
    this.#expiry.put(Buffer.concat([timeBytes(untilMs), name]), "1");
  }

  /** Forget up to `limit` keys that have expired or exceed `max`; false once there are none left. */
  forget(nowMs: number, max: number, limit: number): boolean {
    let count = 0;
    for (const entry of this.#expiry.keys<Uint8Array>({ start: FIRST_BYTES, limit })) {
      const untilMs = Buffer.from(entry).readUIntBE(0, TIME_BYTES);
      if (untilMs > nowMs && this.#size <= max) return false;
      this.#expiry.remove(entry);
      this.#forgetAnswer(entry.subarray(TIME_BYTES), untilMs);
      count += 1;
    }
    return count === limit;
  }

  /** A key that was used again after it expired has a later entry, and is kept. */
  #forgetAnswer(name: Uint8Array, untilMs: number): void {
    const key = Buffer.from(name);
    const text = this.#answers.peek(key);
    if (text === undefined) return;
    if (text !== DAMAGED) {
      const row: Row = JSON.parse(text);
      if (row[0] !== untilMs) return;
    }
    this.#answers.remove(key);
    this.#size -= 1;
  }
}

/**
 * An epoch contains no space, so no two pairs share a name. It is a digest, because ids may have any length.
 */
function nameOf(epoch: string, id: string): Buffer {
  return createHash("sha256").update(`${epoch} ${id}`, "utf16le").digest();
}

function timeBytes(timeMs: number): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeUIntBE(timeMs, 0, TIME_BYTES);
  return bytes;
}

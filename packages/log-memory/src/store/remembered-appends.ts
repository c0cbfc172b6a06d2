import { type Appended, type AppendOptions, formatLogCursor, keyReusedError } from "@tidemark/log";
import { KEY_BYTES, Room } from "./room.ts";

/**
 * A compact record of an append: all its cursors share epoch and tag, so its size does not depend on the
 * drafts.
 */
export interface Written {
  readonly epoch: string;
  readonly tag: string;
  readonly endSeq: number;
  readonly count: number;
  readonly cursor: string;
  readonly closed: boolean;
}

interface Remembered {
  readonly written: Written;
  readonly digest: string;
  readonly untilMs: number;
}

type Key = NonNullable<AppendOptions["key"]>;

/** Idempotency keys and their answers, for all channels of a log, with one bound. */
export class RememberedAppends {
  // In order of expiry, because all keys live equally long and none is set twice.
  readonly #appends = new Map<string, Remembered>();
  readonly #ttlMs: number;
  readonly #max: number;
  readonly #room: Room;

  constructor(ttlMs: number, max: number, room: Room = new Room(Number.POSITIVE_INFINITY)) {
    this.#ttlMs = ttlMs;
    this.#max = max;
    this.#room = room;
  }

  get size(): number {
    return this.#appends.size;
  }

  /**
   * The answer to the earlier append with this key. @throws ProtocolError `key-reused` if its digest differs.
   */
  recall(epoch: string, { id, digest }: Key, nowMs: number): Appended | undefined {
    const found = this.#appends.get(nameOf(epoch, id));
    if (found === undefined || found.untilMs <= nowMs) return undefined;
    if (found.digest !== digest) throw keyReusedError();
    return replayOf(found.written);
  }

  /** The bytes that remembering this key takes. */
  costOf(epoch: string, { id }: Key): number {
    return costOf(nameOf(epoch, id));
  }

  remember({ id, digest }: Key, written: Written, nowMs: number): void {
    this.forget(nowMs, this.#max - 1);
    const name = nameOf(written.epoch, id);
    if (!this.#appends.has(name)) this.#room.take(costOf(name));
    this.#appends.set(name, { written, digest, untilMs: nowMs + this.#ttlMs });
  }

  /** Forget expired keys, then the oldest until at most `most` are left. */
  forget(nowMs: number, most: number = this.#max): void {
    for (const [name, { untilMs }] of this.#appends) {
      if (untilMs > nowMs && this.#appends.size <= most) return;
      this.#appends.delete(name);
      this.#room.give(costOf(name));
    }
  }
}

/** The append's answer, marked as a replay. */
function replayOf({ epoch, tag, endSeq, count, cursor, closed }: Written): Appended {
  const cursors = Array.from({ length: count }, (_, i) =>
    formatLogCursor({ epoch, seq: endSeq - count + 1 + i, tag }),
  );
  return { cursors, cursor, closed, replayed: true };
}

function costOf(name: string): number {
  return KEY_BYTES + name.length;
}

/** An epoch contains no space, so no two pairs share a name. */
function nameOf(epoch: string, id: string): string {
  return `${epoch} ${id}`;
}

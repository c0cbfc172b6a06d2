import { Buffer } from "node:buffer";
import { formatLogCursor } from "@tidemark/log";
import type { RawDraft, RawMessage } from "@tidemark/protocol";
import type { CheckedTable } from "./checked-table.ts";
import { formatRecord, messageOf, recordHead, tagOf, timeOf } from "./message-record.ts";
import { DAMAGED } from "./record-codec.ts";

/** The numbers of an incarnation and of a message in it. */
export type MessageKey = [incarnation: number, seq: number];

const NUMBER_BYTES = 6;
const KEY_BYTES = 2 * NUMBER_BYTES;
const MAX_SEQ = 2 ** (8 * NUMBER_BYTES) - 1;
/** Messages are numbered from 1; record 0 is the channel's name. */
const NAME_SEQ = 0;

/** Replaces the tag of an unreadable record in the cursor after it. */
export const DAMAGED_TAG = "________";

/**
 * Writes {@link MessageKey}s so that they sort by incarnation, then by number.
 *
 * Reads only the message's number. lmdb reads a key with each message of a page, although a page needs
 * neither number.
 */
export const messageKeys = {
  writeKey([incarnation, seq]: MessageKey, target: Buffer, start: number): number {
    target.writeUIntBE(incarnation, start, NUMBER_BYTES);
    return target.writeUIntBE(seq, start + NUMBER_BYTES, NUMBER_BYTES);
  },
  readKey(source: Buffer, start: number): number {
    let seq = 0; // like `readUIntBE`, but much faster
    for (let at = start + NUMBER_BYTES; at < start + KEY_BYTES; at++) seq = seq * 256 + (source[at] ?? 0);
    return seq;
  },
};

/** The messages that a page may hold. */
export interface Span {
  /** The number before the first message. */
  readonly seq: number;
  /** The number of the last message. */
  readonly endSeq: number;
  /** The bounds of the page; it has at least one message if there is one. */
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** What retention needs to know about a message. */
export interface OldMessage {
  readonly seq: number;
  readonly tag: string;
  /** Absent if the record is damaged. */
  readonly timeMs: number | undefined;
  readonly bytes: number;
}

/** The messages of all channels. Reads anywhere; writes in a transaction only. */
export class MessageTable {
  readonly #messages: CheckedTable<MessageKey>;

  constructor(messages: CheckedTable<MessageKey>) {
    this.#messages = messages;
  }

  /**
   * Store the channel's name with the messages of an incarnation, in case the table of channels gets damaged.
   */
  name(incarnation: number, channel: string): void {
    this.#messages.put(key(incarnation, NAME_SEQ), channel);
  }

  /** Append drafts after message `seq`. Returns their bytes. */
  put(incarnation: number, seq: number, drafts: readonly RawDraft[], tag: string, timeMs: number): number {
    const head = recordHead(tag, timeMs);
    let bytes = 0;
    for (const [i, draft] of drafts.entries()) {
      this.#messages.put([incarnation, seq + 1 + i], formatRecord(head, draft));
      bytes += bytesOf(draft);
    }
    return bytes;
  }

  /** The messages of one page, which ends before the first damaged or missing record. */
  read(incarnation: number, epoch: string, span: Span): RawMessage[] {
    const messages: RawMessage[] = [];
    const { maxBytes } = span;
    const isBounded = maxBytes !== Number.POSITIVE_INFINITY;
    let { seq } = span;
    let bytes = 0;
    for (const { key, value } of this.#messages.range(rangeOf(incarnation, span))) {
      seq += 1;
      if (key !== seq || value === DAMAGED) break;
      const message = messageOf(value, formatLogCursor({ epoch, seq, tag: tagOf(value) }));
      if (isBounded) bytes += bytesOf(message);
      if (bytes > maxBytes && messages.length > 0) break;
      messages.push(message);
    }
    return messages;
  }

  /** The position before the first readable message after `seq`; the end if there is none. */
  skipDamage(incarnation: number, seq: number, endSeq: number): number {
    const span = { seq, endSeq, maxMessages: Number.POSITIVE_INFINITY };
    for (const { key, value } of this.#messages.range(rangeOf(incarnation, span))) {
      if (value !== DAMAGED) return Number(key) - 1;
    }
    return endSeq;
  }

  /** What retention needs to know about the oldest messages, without missing ones. */
  readOldest(incarnation: number, span: Span): OldMessage[] {
    return Array.from(this.#messages.range(rangeOf(incarnation, span)), ({ key, value }) => {
      const seq = Number(key);
      if (value === DAMAGED) return { seq, tag: DAMAGED_TAG, timeMs: undefined, bytes: 0 };
      return { seq, tag: tagOf(value), timeMs: timeOf(value), bytes: bytesOf(messageOf(value, "")) };
    });
  }

  /** The tag of message `seq`; {@link DAMAGED_TAG} if its record is damaged or missing. */
  tagOf(incarnation: number, seq: number): string {
    const text = this.#messages.peek(key(incarnation, seq));
    return text === undefined || text === DAMAGED ? DAMAGED_TAG : tagOf(text);
  }

  /** The time of the oldest readable message. */
  oldestTimeOf(incarnation: number, seq: number, endSeq: number): number | undefined {
    const span = { seq, endSeq, maxMessages: Number.POSITIVE_INFINITY };
    for (const { value } of this.#messages.range(rangeOf(incarnation, span))) {
      if (value !== DAMAGED) return timeOf(value);
    }
    return undefined;
  }

  /** Delete the messages after `seq`, up to `endSeq`. */
  remove(incarnation: number, seq: number, endSeq: number): void {
    for (let each = seq + 1; each <= endSeq; each++) this.#messages.remove(key(incarnation, each));
  }

  /** Delete up to `limit` records of an incarnation; false once there are none left. */
  removeSome(incarnation: number, limit: number): boolean {
    const range = { start: key(incarnation, NAME_SEQ), end: key(incarnation, MAX_SEQ), limit };
    const keys = this.#messages.keys<number>(range); // as messageKeys reads them
    for (const seq of keys) this.#messages.remove(key(incarnation, seq));
    return keys.length === limit;
  }
}

/** The bytes that a message counts against byte bounds. */
export function bytesOf({ event, json }: Pick<RawDraft, "event" | "json">): number {
  return Buffer.byteLength(json) + (event === undefined ? 0 : Buffer.byteLength(event));
}

function rangeOf(incarnation: number, { seq, endSeq, maxMessages }: Omit<Span, "maxBytes">) {
  const limit = maxMessages === Number.POSITIVE_INFINITY ? {} : { limit: maxMessages };
  return { start: key(incarnation, seq + 1), end: key(incarnation, endSeq + 1), ...limit };
}

function key(incarnation: number, seq: number): MessageKey {
  return [incarnation, seq];
}

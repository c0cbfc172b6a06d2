import { Buffer } from "node:buffer";
import { formatLogCursor } from "@tidemark/log";
import type { RawDraft, RawMessage } from "@tidemark/protocol";
import type { Database } from "lmdb";
import { formatRecord, messageOf, recordHead, tagOf, timeOf } from "./message-record.ts";

/** The number of a channel's incarnation, and of a message in it. */
export type MessageKey = [incarnation: number, seq: number];

const NUMBER_BYTES = 6;
const KEY_BYTES = 2 * NUMBER_BYTES;
const MAX_SEQ = 2 ** (8 * NUMBER_BYTES) - 1;

/**
 * Writes {@link MessageKey}s in their order, the messages of an incarnation side by side.
 *
 * Of a key only the message's number is read: it is read with each message of a page, which asks for neither.
 */
export const messageKeys = {
  writeKey([incarnation, seq]: MessageKey, target: Buffer, start: number): number {
    target.writeUIntBE(incarnation, start, NUMBER_BYTES);
    return target.writeUIntBE(seq, start + NUMBER_BYTES, NUMBER_BYTES);
  },
  readKey(source: Buffer, start: number): number {
    let seq = 0; // what `readUIntBE` does, in a fraction of its time
    for (let at = start + NUMBER_BYTES; at < start + KEY_BYTES; at++) seq = seq * 256 + (source[at] ?? 0);
    return seq;
  },
};

/** Which messages a page may hold. */
export interface Span {
  /** Messages from the one behind this number on, */
  readonly seq: number;
  /** up to this one, */
  readonly endSeq: number;
  /** within both bounds, but one at least where there is one. */
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** A message as retention sees it. */
export interface OldMessage {
  readonly tag: string;
  readonly timeMs: number;
  readonly bytes: number;
}

/** The messages of all channels. Reads anywhere; writes in a transaction only. */
export class MessageTable {
  readonly #messages: Database<string, MessageKey>;

  constructor(messages: Database<string, MessageKey>) {
    this.#messages = messages;
  }

  /** Put drafts behind message `seq`. Answers their bytes. */
  put(incarnation: number, seq: number, drafts: readonly RawDraft[], tag: string, timeMs: number): number {
    const head = recordHead(tag, timeMs);
    let bytes = 0;
    for (const [i, draft] of drafts.entries()) {
      this.#messages.putSync([incarnation, seq + 1 + i], formatRecord(head, draft));
      bytes += bytesOf(draft);
    }
    return bytes;
  }

  /** The messages of one page. */
  read(incarnation: number, epoch: string, span: Span): RawMessage[] {
    const messages: RawMessage[] = [];
    const { maxBytes } = span;
    const isBounded = maxBytes !== Number.POSITIVE_INFINITY;
    let { seq } = span;
    let bytes = 0;
    for (const { value } of this.#messages.getRange(rangeOf(incarnation, span))) {
      seq += 1;
      const message = messageOf(value, formatLogCursor({ epoch, seq, tag: tagOf(value) }));
      if (isBounded) bytes += bytesOf(message);
      if (bytes > maxBytes && messages.length > 0) break;
      messages.push(message);
    }
    return messages;
  }

  /** What retention needs to know of the oldest messages. */
  readOldest(incarnation: number, span: Span): OldMessage[] {
    const values = this.#messages.getRange(rangeOf(incarnation, span));
    return [...values].map(({ value }) => {
      return { tag: tagOf(value), timeMs: timeOf(value), bytes: bytesOf(messageOf(value, "")) };
    });
  }

  tagOf(incarnation: number, seq: number): string | undefined {
    const text = this.#messages.get([incarnation, seq]);
    return text === undefined ? undefined : tagOf(text);
  }

  timeOf(incarnation: number, seq: number): number | undefined {
    const text = this.#messages.get([incarnation, seq]);
    return text === undefined ? undefined : timeOf(text);
  }

  remove(incarnation: number, seq: number): void {
    this.#messages.removeSync([incarnation, seq]);
  }

  /** Delete up to `limit` messages of an incarnation; false once there are none left. */
  removeSome(incarnation: number, limit: number): boolean {
    const range = { start: key(incarnation, 0), end: key(incarnation, MAX_SEQ), limit };
    const keys = [...this.#messages.getKeys(range)] as unknown[] as number[]; // as messageKeys reads them
    for (const seq of keys) this.remove(incarnation, seq);
    return keys.length === limit;
  }
}

/** What a message counts against bounds in bytes. */
export function bytesOf({ event, json }: Pick<RawDraft, "event" | "json">): number {
  return Buffer.byteLength(json) + (event === undefined ? 0 : Buffer.byteLength(event));
}

function rangeOf(incarnation: number, { seq, endSeq, maxMessages }: Span) {
  return { start: key(incarnation, seq + 1), end: key(incarnation, endSeq + 1), limit: maxMessages };
}

function key(incarnation: number, seq: number): MessageKey {
  return [incarnation, seq];
}

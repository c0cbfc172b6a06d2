import { Buffer } from "node:buffer";
import type { RawDraft } from "@tidemark/protocol";
import type { Database } from "lmdb";
import {
  formatRecord,
  type MessageRecord,
  parseRecord,
  recordHead,
  tagOf,
  timeOf,
} from "./message-record.ts";

/** The number of a channel's incarnation, and of a message in it. */
export type MessageKey = [incarnation: number, seq: number];

const NUMBER_BYTES = 6;
const MAX_SEQ = 2 ** (8 * NUMBER_BYTES) - 1;

/** Writes {@link MessageKey}s in their order, the messages of an incarnation side by side. */
export const messageKeys = {
  writeKey([incarnation, seq]: MessageKey, target: Buffer, start: number): number {
    target.writeUIntBE(incarnation, start, NUMBER_BYTES);
    return target.writeUIntBE(seq, start + NUMBER_BYTES, NUMBER_BYTES);
  },
  readKey(source: Buffer, start: number): MessageKey {
    const incarnation = source.readUIntBE(start, NUMBER_BYTES);
    return [incarnation, source.readUIntBE(start + NUMBER_BYTES, NUMBER_BYTES)];
  },
};

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

  /** The messages behind `seq`, up to `endSeq`, within both bounds, but one at least where there is one. */
  read(
    incarnation: number,
    seq: number,
    endSeq: number,
    maxMessages: number,
    maxBytes: number,
  ): MessageRecord[] {
    const records: MessageRecord[] = [];
    const range = { start: key(incarnation, seq + 1), end: key(incarnation, endSeq + 1) };
    let bytes = 0;
    for (const { value } of this.#messages.getRange({ ...range, limit: maxMessages })) {
      const record = parseRecord(value);
      if (maxBytes !== Number.POSITIVE_INFINITY) bytes += bytesOf(record);
      if (bytes > maxBytes && records.length > 0) break;
      records.push(record);
    }
    return records;
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
    const keys = [...this.#messages.getKeys(range)];
    for (const [, seq] of keys) this.remove(incarnation, seq);
    return keys.length === limit;
  }
}

/** What a message counts against bounds in bytes. */
export function bytesOf({ event, json }: Pick<RawDraft, "event" | "json">): number {
  return Buffer.byteLength(json) + (event === undefined ? 0 : Buffer.byteLength(event));
}

function key(incarnation: number, seq: number): MessageKey {
  return [incarnation, seq];
}

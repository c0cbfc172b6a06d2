import { Buffer } from "node:buffer";
import { formatLogCursor } from "@tidemark/log";
import type { Cursor, RawDraft, RawMessage } from "@tidemark/protocol";

/** The record with the oldest retained message. */
export interface OldestRecord {
  readonly number: number;
  readonly timeMs: number;
}

/** A record's description of itself and its channel, as JSON in the header {@link HEADER}. */
export interface RecordHead {
  readonly epoch: string;
  /** The number of messages in the epoch before this record. */
  readonly base: number;
  /** The number of messages in this record; 0 if it only closes or removes. */
  readonly count: number;
  /** The append that wrote it: 48 random bits. */
  readonly tag: string;
  /** The tag and number of the preceding record, which identify it even if it is gone. */
  readonly prevTag: string;
  /** The bytes of all messages in the epoch before this record. */
  readonly baseBytes: number;
  readonly bytes: number;
  /** The messages that retention had dropped when this record was written, and their bytes. */
  readonly floor: number;
  readonly floorBytes: number;
  /** The record with the oldest retained message, and its time; absent if it is this record. */
  readonly oldest?: OldestRecord;
  readonly closed: boolean;
  /** The digest of the body, if the append had an idempotency key. */
  readonly digest?: string;
}

/** A record in the stream. */
export interface StoredRecord extends RecordHead {
  /** Its number in the stream, over all channels; 0 for the beginning of an unwritten channel. */
  readonly number: number;
  readonly timeMs: number;
  readonly body: Uint8Array;
  /** The number that NATS considers the channel's last record, if it is a different one. */
  readonly expected?: number;
}

/** The expected last number for the next record. */
export function expectedAt({ expected, number }: StoredRecord): number {
  return expected ?? number;
}

/** The header that holds a {@link RecordHead}. */
export const HEADER = "Tidemark";

/** The body of a record: a line for each message, with event and data separated by a tab. */
export function encodeBody(drafts: readonly RawDraft[]): Buffer {
  return Buffer.from(drafts.map(({ event = "", json }) => `${event}\t${json}`).join("\n"));
}

/** The messages of a record after message `seq`, parsed lazily. */
export function* messagesAfter(record: StoredRecord, seq: number): Generator<RawMessage, void> {
  const { body, base } = record;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const end = endOf(record);
  let start = 0;
  for (let number = base + 1; number <= end; number++) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline;
    if (number > seq) yield messageIn(text.slice(start, next), cursorIn(record, number));
    start = next + 1;
  }
}

function messageIn(line: string, cursor: Cursor): RawMessage {
  const tab = line.indexOf("\t");
  const json = line.slice(tab + 1);
  return tab === 0 ? { cursor, json } : { cursor, event: line.slice(0, tab), json };
}

/** The bytes that a message counts for. */
export function sizeOf({ event = "", json }: RawDraft): number {
  return Buffer.byteLength(json) + Buffer.byteLength(event);
}

/** The number of messages in the epoch up to the end of this record. */
export function endOf({ base, count }: RecordHead): number {
  return base + count;
}

/** The tag of a cursor: the append's tag, followed by the number of its record, for lookup. */
export function cursorTag({ tag, number }: Pick<StoredRecord, "tag" | "number">): string {
  return `${tag}${number.toString(36)}`;
}

/** The cursor after message `seq` of a record. */
export function cursorIn(record: StoredRecord, seq: number): Cursor {
  if (seq === record.base) return formatLogCursor({ epoch: record.epoch, seq, tag: record.prevTag });
  return formatLogCursor({ epoch: record.epoch, seq, tag: cursorTag(record) });
}

/** The cursor after a record. For a record without messages it is the predecessor's. */
export function cursorAfter(record: StoredRecord): Cursor {
  return cursorIn(record, endOf(record));
}

/** The `prevTag` of the record that follows this one. */
export function tagAfter(record: StoredRecord): string {
  return record.count === 0 ? record.prevTag : cursorTag(record);
}

const TAG = /^([A-Za-z0-9_-]{8})(0|[1-9a-z][0-9a-z]{0,10})$/;

/** The number of the record that a cursor's tag names; `undefined` if no log on NATS issued it. */
export function recordNumber(tag: string): number | undefined {
  const [, , digits] = TAG.exec(tag) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 36);
}

/** Parse a head. @throws Error for a message in the stream that no log wrote */
export function parseHead(text: string): RecordHead {
  const head: unknown = text === "" ? undefined : JSON.parse(text);
  if (typeof head !== "object" || head === null || !("epoch" in head) || !("prevTag" in head))
    throw new Error("The stream contains a message that no log wrote");
  return head as RecordHead;
}

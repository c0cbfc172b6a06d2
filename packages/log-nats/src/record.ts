import { Buffer } from "node:buffer";
import { formatLogCursor } from "@tidemark/log";
import type { Cursor, RawDraft, RawMessage } from "@tidemark/protocol";

/** Where what is retained begins. */
export interface OldestRecord {
  readonly number: number;
  readonly timeMs: number;
}

/** What a record says of itself and of its channel, as JSON in the header {@link HEADER}. */
export interface RecordHead {
  readonly epoch: string;
  /** Messages of the epoch before this record. */
  readonly base: number;
  /** Messages in it: none, where it only closes or removes. */
  readonly count: number;
  /** The append that wrote it: 48 random bits. */
  readonly tag: string;
  /** The position that it was put behind, tag and number of the record: what names a predecessor that is gone. */
  readonly prevTag: string;
  /** Bytes of all messages of the epoch before this record. */
  readonly baseBytes: number;
  readonly bytes: number;
  /** Messages that retention had dropped when it was written, and their bytes. */
  readonly floor: number;
  readonly floorBytes: number;
  /** The record that holds the oldest message retained, and when it was written; absent where that is this one. */
  readonly oldest?: OldestRecord;
  readonly closed: boolean;
  /** What it was sent with, if it bears an idempotency key. */
  readonly digest?: string;
}

/** A record as it stands in the stream. */
export interface StoredRecord extends RecordHead {
  /** Its number in the stream, over all channels; 0 for the beginning of a channel that was never written. */
  readonly number: number;
  readonly timeMs: number;
  readonly body: Uint8Array;
  /** What NATS takes for the number of the channel's last record, where that is another one. */
  readonly expected?: number;
}

/** The number that the next record is put behind. */
export function expectedAt({ expected, number }: StoredRecord): number {
  return expected ?? number;
}

/** The header that holds a {@link RecordHead}. */
export const HEADER = "Tidemark";

/** The body of a record: a line for each message, event and data with a tabulator between. */
export function encodeBody(drafts: readonly RawDraft[]): Buffer {
  return Buffer.from(drafts.map(({ event = "", json }) => `${event}\t${json}`).join("\n"));
}

/** The messages of a record behind message `seq`, each taken from its line when it is asked for. */
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

/** What a message counts for in bytes. */
export function sizeOf({ event = "", json }: RawDraft): number {
  return Buffer.byteLength(json) + Buffer.byteLength(event);
}

/** Messages of the epoch up to the end of this record. */
export function endOf({ base, count }: RecordHead): number {
  return base + count;
}

/** The tag of cursors: the append's own, and the number of its record, by which it is found. */
export function cursorTag({ tag, number }: Pick<StoredRecord, "tag" | "number">): string {
  return `${tag}${number.toString(36)}`;
}

/** The cursor after message `seq` of a record. */
export function cursorIn(record: StoredRecord, seq: number): Cursor {
  if (seq === record.base) return formatLogCursor({ epoch: record.epoch, seq, tag: record.prevTag });
  return formatLogCursor({ epoch: record.epoch, seq, tag: cursorTag(record) });
}

/** The cursor after a record: one without messages stands where its predecessor does. */
export function cursorAfter(record: StoredRecord): Cursor {
  return cursorIn(record, endOf(record));
}

/** The tag that a record which follows this one bears as its predecessor's. */
export function tagAfter(record: StoredRecord): string {
  return record.count === 0 ? record.prevTag : cursorTag(record);
}

const TAG = /^([A-Za-z0-9_-]{8})(0|[1-9a-z][0-9a-z]{0,10})$/;

/** The number of the record that a cursor's tag names; `undefined` where no log on NATS gave it out. */
export function recordNumber(tag: string): number | undefined {
  const [, , digits] = TAG.exec(tag) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 36);
}

/** Read a head. @throws Error for a message in the stream that none of ours wrote. */
export function parseHead(text: string): RecordHead {
  const head: unknown = text === "" ? undefined : JSON.parse(text);
  if (typeof head !== "object" || head === null || !("epoch" in head) || !("prevTag" in head))
    throw new Error("there is a message in the stream that this log has not written");
  return head as RecordHead;
}

import type { Cursor, RawDraft, RawMessage } from "@tidemark/protocol";

const TAG_CHARS = 8;
const TIME_CHARS = 9; // base 36: until the year 5188
const HEAD_CHARS = TAG_CHARS + TIME_CHARS;
const LINE_FEED = 10;

/** @throws RangeError for a tag of another length than our logs' tags, which does not fit in a record */
export function assertTag(tag: string): void {
  if (tag.length !== TAG_CHARS) throw new RangeError(`${tag} is not a tag of ${TAG_CHARS} characters`);
}

/** The common head of an append's records: its tag and its time, in milliseconds since 1970. */
export function recordHead(tag: string, timeMs: number): string {
  return tag + timeMs.toString(36).padStart(TIME_CHARS, "0");
}

/** The record of a message. Its format is such that reading a page needs no parsing. */
export function formatRecord(head: string, { event = "", json }: RawDraft): string {
  return `${head}${event}\n${json}`;
}

/** The tag of the append that wrote a record. */
export function tagOf(record: string): string {
  return record.slice(0, TAG_CHARS);
}

/** The time at which a record was appended. */
export function timeOf(record: string): number {
  return Number.parseInt(record.slice(TAG_CHARS, HEAD_CHARS), 36);
}

/** The message of a record. */
export function messageOf(record: string, cursor: Cursor): RawMessage {
  if (record.charCodeAt(HEAD_CHARS) === LINE_FEED) return { cursor, json: record.slice(HEAD_CHARS + 1) };
  const end = record.indexOf("\n", HEAD_CHARS); // an event name contains no line feed
  return { cursor, event: record.slice(HEAD_CHARS, end), json: record.slice(end + 1) };
}

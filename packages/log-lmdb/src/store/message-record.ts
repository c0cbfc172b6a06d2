import type { RawDraft } from "@tidemark/protocol";

/** A message as it is stored: its text, behind what retention and cursors need. */
export interface MessageRecord {
  /** The tag of the append that wrote it. */
  readonly tag: string;
  /** When it was appended, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly event?: string;
  readonly json: string;
}

const TAG_CHARS = 8;
const TIME_CHARS = 9; // base 36: until the year 5188
const HEAD_CHARS = TAG_CHARS + TIME_CHARS;

/** Begin the records of one append: they share all but their drafts. */
export function recordHead(tag: string, timeMs: number): string {
  return tag + timeMs.toString(36).padStart(TIME_CHARS, "0");
}

/** One text for each message, so that a page is read without parsing anything. */
export function formatRecord(head: string, { event = "", json }: RawDraft): string {
  return `${head}${event}\n${json}`;
}

/** What {@link formatRecord} wrote. */
export function parseRecord(text: string): MessageRecord {
  const end = text.indexOf("\n", HEAD_CHARS); // an event name has no line feed
  const [tag, json] = [tagOf(text), text.slice(end + 1)];
  const timeMs = timeOf(text);
  return end === HEAD_CHARS
    ? { tag, timeMs, json }
    : { tag, timeMs, event: text.slice(HEAD_CHARS, end), json };
}

export function tagOf(text: string): string {
  return text.slice(0, TAG_CHARS);
}

export function timeOf(text: string): number {
  return Number.parseInt(text.slice(TAG_CHARS, HEAD_CHARS), 36);
}

/** The most bytes of a body, and the most characters of any other text, that reports show. */
export const SHOWN_BYTES = 2048;

/** The beginning of a long text, and how much of it was left out. */
export interface Excerpt {
  readonly text: string;
  readonly omitted: number;
}

/** The first bytes of a Latin-1 text of UTF-8 bytes; never splits a UTF-8 character. */
export function excerptBytes(bytesAsText: string, most: number = SHOWN_BYTES): Excerpt {
  if (bytesAsText.length <= most) return { text: bytesAsText, omitted: 0 };
  let end = most;
  while (end > most - MAX_CONTINUATION && isContinuation(bytesAsText.charCodeAt(end))) end -= 1;
  return { text: bytesAsText.slice(0, end), omitted: bytesAsText.length - end };
}

/** A text for one line of a report: its beginning, and how much was left out. */
export function shorten(text: string, most: number = SHOWN_BYTES): string {
  return text.length <= most ? text : `${text.slice(0, most)}… ${text.length - most} more characters`;
}

/** A UTF-8 character has at most this many bytes after its first. */
const MAX_CONTINUATION = 3;

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

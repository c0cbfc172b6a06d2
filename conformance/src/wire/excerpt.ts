/** Most bytes of a body, and most characters of any other text, that people are shown. */
export const SHOWN_BYTES = 2048;

/** The beginning of a text that is too long to be shown, and how much of it was left out. */
export interface Excerpt {
  readonly text: string;
  readonly omitted: number;
}

/** The first bytes of a text of which each character is a byte; no UTF-8 character is cut in two. */
export function excerptBytes(bytesAsText: string, most: number = SHOWN_BYTES): Excerpt {
  if (bytesAsText.length <= most) return { text: bytesAsText, omitted: 0 };
  let end = most;
  while (end > most - MAX_CONTINUATION && isContinuation(bytesAsText.charCodeAt(end))) end -= 1;
  return { text: bytesAsText.slice(0, end), omitted: bytesAsText.length - end };
}

/** A text on one line of a report: its beginning, and how much more there was. */
export function shorten(text: string, most: number = SHOWN_BYTES): string {
  return text.length <= most ? text : `${text.slice(0, most)}… ${text.length - most} more characters`;
}

/** A character of UTF-8 has at most so many bytes behind its first. */
const MAX_CONTINUATION = 3;

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

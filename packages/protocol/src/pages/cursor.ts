/**
 * An opaque token that names the position just after its message. Compare for equality only.
 *
 * @pattern ^[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*$
 * @maxLength 1024
 */
export type Cursor = string;

/**
 * Where a read starts: a cursor, `start` (all retained messages) or `end` (only new messages).
 *
 * @pattern ^(?:start|end|[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*)$
 * @maxLength 1024
 */
export type Position = Cursor | "start" | "end";

/** The longest cursor that a client stores and sends, in characters; servers mint at most 128. */
const MAX_CURSOR_LENGTH = 1024;

// At least one character is not a lower-case letter, so no cursor can equal a reserved word, now or later.
const CURSOR = /^[a-z]*[A-Z0-9._~-][A-Za-z0-9._~-]*$/;

/** Whether a text matches the cursor grammar, which does not mean that a server minted it. */
export function isCursor(text: string): boolean {
  return text.length <= MAX_CURSOR_LENGTH && CURSOR.test(text);
}

/** Whether a text is a cursor or one of the reserved words `start` and `end`. */
export function isPosition(text: string): boolean {
  return text === "start" || text === "end" || isCursor(text);
}

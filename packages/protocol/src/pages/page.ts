import { type Cursor, isCursor } from "./cursor.ts";
import { encodeMessage, type Message, type RawMessage, type WireMessage } from "./message.ts";

/** Why reading cannot continue from a position. It is for people: clients treat all reasons alike. */
export type GapReason = (typeof REASONS)[number];

const REASONS = ["retention", "epoch", "ahead", "unknown"] as const;

/** Reports messages that the server can no longer deliver. */
export interface Gap {
  readonly reason: GapReason;
  /** The requested position, as the client sent it. */
  readonly requested: string;
  /** Where a read of all retained messages starts. */
  readonly start: Cursor;
  /** Where a read of only new messages starts. */
  readonly end: Cursor;
}

/** The answer to a poll. */
export interface WirePage {
  readonly messages: readonly WireMessage[];
  /** Where the next read starts. */
  readonly cursor: Cursor;
  /** There were messages after `cursor` when the page was made. */
  readonly more: boolean;
  /** `cursor` is the end of a closed channel. */
  readonly closed?: true;
  /** The page does not begin at the requested position. */
  readonly gap?: Gap;
  /**
   * How long to wait before the next request, in milliseconds.
   *
   * @TJS-type integer
   * @minimum 0
   */
  readonly retry?: number;
}

/** A {@link WirePage} with typed data. */
export interface Page<T = unknown> extends WirePage {
  readonly messages: readonly Message<T>[];
}

/** A page as a log returns it; its data is still JSON text. */
export interface RawPage {
  readonly messages: readonly RawMessage[];
  /** The concrete position where the page begins. */
  readonly from: Cursor;
  readonly cursor: Cursor;
  readonly more: boolean;
  readonly closed: boolean;
}

/** Encode a page as the body of an answer. */
export function encodePage(page: RawPage, extra: { gap?: Gap; retry?: number } = {}): string {
  const { cursor, more, closed } = page;
  const rest = JSON.stringify({ cursor, more, ...(closed ? { closed } : {}), ...extra });
  let messages = "";
  for (const message of page.messages)
    messages += messages === "" ? encodeMessage(message) : `,${encodeMessage(message)}`;
  return `{"messages":[${messages}],${rest.slice(1)}`;
}

/**
 * Parse a page as a client does: unknown members are ignored.
 *
 * @throws TypeError if the text is not a page.
 */
export function parsePage(text: string): Page {
  const page = asObject(parseJson(text), "a page");
  const { messages, cursor, more, closed, gap, retry } = page;
  if (!Array.isArray(messages)) throw new TypeError("`messages` is not an array");
  if (typeof more !== "boolean") throw new TypeError("`more` is not a boolean");
  return {
    messages: messages.map(readMessage),
    cursor: asCursor(cursor),
    more,
    ...(closed === true ? { closed } : {}),
    ...(gap === undefined ? {} : { gap: readGap(gap) }),
    ...(typeof retry === "number" && retry >= 0 ? { retry } : {}),
  };
}

/**
 * Parse a gap: from a page, from the data of `$open`, or from a problem.
 *
 * @throws TypeError if `start` or `end` is not a cursor.
 */
export function readGap(value: unknown): Gap {
  const { reason, requested, start, end } = Object(value);
  return {
    reason: REASONS.includes(reason) ? reason : "unknown",
    requested: typeof requested === "string" ? requested : "",
    start: asCursor(start),
    end: asCursor(end),
  };
}

function readMessage(value: unknown): Message {
  const { cursor, event, data } = asObject(value, "a message");
  if (data === undefined) throw new TypeError("a message has no data");
  if (event !== undefined && typeof event !== "string") throw new TypeError("`event` is not a string");
  const position = asCursor(cursor);
  return event === undefined || event === "message"
    ? { cursor: position, data }
    : { cursor: position, event, data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError("the page is not JSON", { cause });
  }
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${what} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

function asCursor(value: unknown): Cursor {
  if (typeof value !== "string" || !isCursor(value)) throw new TypeError(`invalid cursor: ${value}`);
  return value;
}

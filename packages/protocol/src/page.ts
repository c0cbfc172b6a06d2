import { type Cursor, isCursor } from "./cursor.ts";
import { encodeMessage, type Message, type RawMessage, type WireMessage } from "./message.ts";

/** Why a position cannot be continued; for people, since clients treat all alike. */
export type GapReason = (typeof REASONS)[number];

const REASONS = ["retention", "epoch", "ahead", "unknown"] as const;

/** What a server tells of messages that it cannot deliver any more. */
export interface Gap {
  readonly reason: GapReason;
  /** The position that was asked for, as it was sent. */
  readonly requested: string;
  /** Where reading everything that is retained begins. */
  readonly start: Cursor;
  /** Where reading what comes from now on begins. */
  readonly end: Cursor;
}

/** The answer to a poll. */
export interface WirePage {
  readonly messages: readonly WireMessage[];
  /** Where to read on. */
  readonly cursor: Cursor;
  /** Something after `cursor` was there when the page was made. */
  readonly more: boolean;
  /** `cursor` is the end of a closed channel. */
  readonly closed?: true;
  /** The page begins elsewhere than where it was asked to. */
  readonly gap?: Gap;
  /**
   * When to come again, in milliseconds.
   *
   * @TJS-type integer
   * @minimum 0
   */
  readonly retry?: number;
}

/** A {@link WirePage} whose data the application has a type for. */
export interface Page<T = unknown> extends WirePage {
  readonly messages: readonly Message<T>[];
}

/** A page as a log reads it, its data still JSON text. */
export interface RawPage {
  readonly messages: readonly RawMessage[];
  /** The concrete position where the page begins. */
  readonly from: Cursor;
  readonly cursor: Cursor;
  readonly more: boolean;
  readonly closed: boolean;
}

/** The body of a page's answer. */
export function encodePage(page: RawPage, extra: { gap?: Gap; retry?: number } = {}): string {
  const { cursor, more, closed } = page;
  const rest = JSON.stringify({ cursor, more, ...(closed ? { closed } : {}), ...extra });
  let messages = "";
  for (const message of page.messages)
    messages += messages === "" ? encodeMessage(message) : `,${encodeMessage(message)}`;
  return `{"messages":[${messages}],${rest.slice(1)}`;
}

/**
 * Read a page as a client does: members that it does not know are ignored.
 *
 * @throws TypeError if the text is no page.
 */
export function parsePage(text: string): Page {
  const page = asObject(parseJson(text), "a page");
  const { messages, cursor, more, closed, gap, retry } = page;
  if (!Array.isArray(messages)) throw new TypeError("a page's messages are no array");
  if (typeof more !== "boolean") throw new TypeError("a page's more is no boolean");
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
 * Read what a server tells of a gap: in a page, in the data of `$open`, or in a problem.
 *
 * @throws TypeError if it is none.
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
  if (data === undefined) throw new TypeError("a message without data");
  if (event !== undefined && typeof event !== "string") throw new TypeError("a message's event is no text");
  const position = asCursor(cursor);
  return event === undefined || event === "message"
    ? { cursor: position, data }
    : { cursor: position, event, data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError("a page that is no JSON", { cause });
  }
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function asCursor(value: unknown): Cursor {
  if (typeof value !== "string" || !isCursor(value)) throw new TypeError(`not a cursor: ${value}`);
  return value;
}

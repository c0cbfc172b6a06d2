import type { JsonText } from "../json/json-text.ts";
import type { Cursor } from "./cursor.ts";

/**
 * The name of a message's kind, as a publisher may choose it.
 *
 * @pattern ^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$
 */
export type EventName = string;

/** A message of a channel, as pages carry it: exactly what one server-sent event can hold. */
export interface WireMessage {
  /** The position just after this message. */
  readonly cursor: Cursor;
  /** Absent for `message`, the default. */
  readonly event?: EventName;
  /** Any JSON value. */
  readonly data: unknown;
}

/** A {@link WireMessage} with typed data. */
export interface Message<T = unknown> extends WireMessage {
  readonly data: T;
}

/** A message that has not been published yet. */
export interface WireDraft {
  /** Absent for `message`, the default. */
  readonly event?: EventName;
  /** Any JSON value, including `null`; required. */
  readonly data: unknown;
}

/** A {@link WireDraft} with typed data. */
export interface Draft<T = unknown> extends WireDraft {
  readonly data: T;
}

/** A {@link Message} whose data is still JSON text. */
export interface RawMessage {
  readonly cursor: Cursor;
  /** Absent for `message`. */
  readonly event?: string;
  readonly json: JsonText;
}

/** A {@link Draft} whose data is still JSON text. */
export interface RawDraft {
  /** Absent for `message`. */
  readonly event?: string;
  readonly json: JsonText;
}

/** Encode a message as JSON text, as in a page. */
export function encodeMessage(message: RawMessage): JsonText {
  const { cursor, event, json } = message;
  const name = event === undefined ? "" : `,"event":${JSON.stringify(event)}`;
  // A valid cursor contains no character that needs escaping.
  return `{"cursor":"${cursor}"${name},"data":${json}}`;
}

import type { JsonText } from "../json/json-text.ts";

/** The first event of every stream; its `id` is the position where the stream begins. */
export const OPEN_EVENT = "$open";
/** Keeps an idle stream alive; its `id` is the position reached. */
export const HEARTBEAT_EVENT = "$heartbeat";
/** The last event of a closed channel. */
export const CLOSED_EVENT = "$closed";

/** The fields of one block. Without `event` and `data` (a bookmark, a refusal) it dispatches no event. */
export interface EventFields {
  /** Omitted on the wire for `message`, the default. */
  readonly event?: string;
  readonly data?: JsonText;
  readonly id?: string;
  /** Milliseconds. */
  readonly retry?: number;
}

/**
 * Encode one block of an event stream. The `id` line comes last, so that a cut inside the block never moves a
 * reader past it.
 *
 * @throws TypeError if a field contains CR or LF, which would end its line, or NUL.
 */
export function encodeEvent(fields: EventFields): string {
  const { event, data, id, retry } = fields;
  let block = "";
  if (retry !== undefined) block += `retry: ${Math.ceil(retry)}\n`;
  if (event !== undefined && event !== "message") block += `event: ${checked(event)}\n`;
  if (data !== undefined) block += `data: ${checked(data)}\n`;
  if (id !== undefined) block += `id: ${checked(id)}\n`;
  return `${block}\n`;
}

function checked(value: string): string {
  // Three native searches are several times as fast as one regular expression.
  if (value.includes("\n") || value.includes("\r") || value.includes("\0"))
    throw new TypeError("an event stream field contains CR, LF or NUL");
  return value;
}

// "error" and "open" would collide with events that a browser's EventSource fires by itself.
const EVENT_NAME = /^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** Whether a publisher may use this name for a message; names that start with `$` belong to the protocol. */
export function isEventName(text: string): boolean {
  return EVENT_NAME.test(text);
}

import type { JsonText } from "./json-text.ts";

/** The first event of every stream; its `id` is the position where the stream begins. */
export const OPEN_EVENT = "$open";
/** What a stream says when there is nothing to say; its `id` is the position reached. */
export const HEARTBEAT_EVENT = "$heartbeat";
/** The last event of a closed channel. */
export const CLOSED_EVENT = "$closed";

/** The fields of one block; a block with neither `event` nor `data` dispatches nothing (a bookmark, a refusal). */
export interface EventFields {
  /** Not written for `message`, the default. */
  readonly event?: string;
  readonly data?: JsonText;
  readonly id?: string;
  /** Milliseconds. */
  readonly retry?: number;
}

/**
 * One block of an event stream. The `id` line is last, so that a cut inside the block never moves a reader past it.
 *
 * @throws TypeError if a field holds CR or LF, which would end its line, or `id` or `event` a NUL.
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
  // Three searches of the engine's own are several times as fast as one by a regular expression.
  if (value.includes("\n") || value.includes("\r") || value.includes("\0"))
    throw new TypeError("CR, LF or NUL in a field of an event stream");
  return value;
}

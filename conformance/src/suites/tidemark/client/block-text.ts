import type { ScriptedMessage } from "./scripted-log.ts";

/** The fields of one block of a stream, in the order in which they are written: `id` last. */
export interface BlockFields {
  readonly retry?: number | string;
  readonly event?: string;
  readonly data?: string;
  readonly id?: string;
}

/** The text of a block. */
export function block(fields: BlockFields, eol = "\n"): string {
  const names = ["retry", "event", "data", "id"] as const;
  const lines = names.filter((name) => fields[name] !== undefined).map((name) => `${name}: ${fields[name]}`);
  return [...lines, "", ""].join(eol);
}

/** The `$open` block, the first one of a stream. */
export function openBlock(
  id: string,
  options: { readonly retry?: number; readonly heartbeat?: number; readonly more?: object } = {},
): string {
  const { retry = 10, heartbeat = 15, more = {} } = options;
  return block({ retry, event: "$open", data: JSON.stringify({ heartbeat, ...more }), id });
}

/** The block of a message. */
export function messageBlock(message: ScriptedMessage, eol = "\n"): string {
  const { event, json, cursor } = message;
  return block({ ...(event === undefined ? {} : { event }), data: json, id: cursor }, eol);
}

/** The blocks of several messages. */
export function messageBlocks(messages: readonly ScriptedMessage[]): string {
  return messages.map((message) => messageBlock(message)).join("");
}

/** The `$closed` block, which ends the stream of a closed channel. */
export function closedBlock(id: string): string {
  return block({ event: "$closed", data: "{}", id });
}

/** A `$heartbeat` block. */
export function heartbeatBlock(id: string): string {
  return block({ event: "$heartbeat", data: "{}", id });
}

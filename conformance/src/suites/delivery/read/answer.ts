import type { Block } from "../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { parseJson } from "../../../engine/wire/json.ts";
import type { Mechanism, ReadConfig, StreamConfig } from "../dialect/dialect.ts";
import { asText, at, isShown, type Position, positionAt, readPosition } from "../dialect/places.ts";

/** A message as a response has it. */
export interface Delivered {
  readonly payload: string;
  /** The position after it, if it has one of its own. */
  readonly position?: Position | undefined;
}

/** What a response, or an event of a stream, means. */
export interface Meaning {
  readonly messages: readonly Delivered[];
  /** The position after all of it. */
  readonly position?: Position | undefined;
  /** It reports that messages are missing. */
  readonly loss?: boolean;
  /** It reports the end of the feed. */
  readonly end?: boolean;
  /** It takes the position back: an empty id. */
  readonly reset?: boolean;
  /** The server refuses the request. */
  readonly refused?: boolean;
}

/** What a module can say about responses that templates cannot describe. */
export interface Interpreter {
  /** What a whole response means. Undefined: as the dialect says. */
  readonly response?: (
    mechanism: Mechanism,
    response: { readonly status: number; readonly text: string; header(name: string): string | undefined },
  ) => Meaning | undefined;
  /** What an event of a stream means. Undefined: as the dialect says. */
  readonly event?: (event: {
    readonly event: string;
    readonly data: string;
    readonly id: string;
  }) => Meaning | undefined;
}

const EMPTY: readonly number[] = [204, 304];

/** What a complete response to a request means. */
export function readAnswer(
  config: ReadConfig,
  exchange: Exchange,
  { response }: Interpreter = {},
  mechanism: Mechanism = "poll",
): Meaning {
  const { status = 0, text } = exchange;
  const own = response?.(mechanism, { status, text, header: (name) => exchange.header(name) });
  if (own) return own;
  const { position = {}, messages = {}, empty = EMPTY, loss, end } = config;
  const parts = { exchange, json: parseJson(text) };
  const usual = position.from === undefined ? undefined : readPosition(position, parts);
  const signs = { loss: isShown(loss, parts), end: isShown(end, parts), position: usual };
  if (empty.includes(status)) return { ...signs, messages: [] };
  if (status < 200 || status > 299) return { ...signs, messages: [], refused: true };
  if (messages.list === undefined) return { ...signs, messages: text === "" ? [] : [{ payload: text }] };
  const list = at(parts.json, messages.list);
  const items = Array.isArray(list) ? list : [];
  return {
    ...signs,
    messages: items.flatMap((item) => {
      const payload = asText(messages.payload === undefined ? item : at(item, messages.payload));
      const own = messages.position === undefined ? undefined : positionAt(item, messages.position);
      return payload === undefined ? [] : [{ payload, position: own }];
    }),
  };
}

/** What a block of a stream means. */
export function readBlock(
  { messages = {}, position = {}, loss, end }: StreamConfig,
  block: Block,
  exchange: Exchange,
  interpreter: Interpreter = {},
): Meaning {
  const { event, data, lastId } = block;
  const own =
    event === undefined || data === undefined ? undefined : interpreter.event?.({ event, data, id: lastId });
  if (own) return own;
  const json = data === undefined ? undefined : parseJson(data);
  const parts = { exchange, json, id: lastId };
  const isPlace = position.event === undefined || position.event === event;
  const next = isPlace ? readPosition(position, parts, "id") : undefined;
  const signs = {
    reset: isPlace && (position.from ?? "id") === "id" && block.id === "",
    loss: event !== undefined && loss !== undefined && isShown({ ...loss, status: [] }, parts, event),
    end: event !== undefined && end !== undefined && isShown({ ...end, status: [] }, parts, event),
    position: next,
  };
  const isMessage =
    event !== undefined &&
    (messages.event === undefined || messages.event === event) &&
    !messages.except?.includes(event);
  if (!isMessage || data === undefined) return { ...signs, messages: [] };
  if (messages.each !== undefined) {
    const list = at(json, messages.each);
    return {
      ...signs,
      messages: Array.isArray(list) ? list.map((item) => ({ payload: asText(item) ?? "" })) : [],
    };
  }
  const payload = messages.payload === undefined ? data : asText(at(json, messages.payload));
  return { ...signs, messages: payload === undefined ? [] : [{ payload }] };
}

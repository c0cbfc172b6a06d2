import { describeAnswer, problemType } from "../../../engine/wire/describe.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { type Json, JsonNumber, member, parseJson } from "../../../engine/wire/json.ts";

/** A message as the suite handles it: absent and `message` events are the same. */
export interface Message {
  readonly cursor: string;
  readonly event: string;
  readonly data: Json;
}

/** A parsed page, with the answer that it came from. */
export interface Page {
  readonly exchange: Exchange;
  readonly json: Json;
  readonly messages: readonly Message[];
  readonly cursor: string;
  readonly more: boolean;
  readonly closed: Json | undefined;
  readonly gap: Json | undefined;
  readonly retryMs: number | undefined;
}

/** The grammar of the cursors that clients have to accept. */
export const CURSOR: RegExp = /^(?=.*[^a-z])[A-Za-z0-9._~-]{1,1024}$/s;

/** The grammar of event names. */
export const EVENT_NAME: RegExp = /^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** Parse an answer as a page, whatever its media type; a string says why it is not one. */
export function readPage(exchange: Exchange): Page | string {
  if (exchange.status !== 200) return describe(exchange);
  const json = parseJson(exchange.text);
  if (json === undefined) return "200 with a body that is not JSON";
  return pageOf(exchange, json);
}

function pageOf(exchange: Exchange, json: Json): Page | string {
  const messages = member(json, "messages");
  const cursor = member(json, "cursor");
  const more = member(json, "more");
  if (!Array.isArray(messages)) return "`messages` is not an array";
  if (typeof cursor !== "string" || !CURSOR.test(cursor)) return "`cursor` is not a valid cursor";
  if (typeof more !== "boolean") return "`more` is not a boolean";
  const read: Message[] = [];
  for (const item of messages as readonly Json[]) {
    const message = messageOf(item);
    if (typeof message === "string") return `message ${read.length + 1}: ${message}`;
    read.push(message);
  }
  const retry = member(json, "retry");
  const retryMs = retry instanceof JsonNumber ? Number(retry.text) : undefined;
  const closed = member(json, "closed");
  return { exchange, json, messages: read, cursor, more, closed, gap: member(json, "gap"), retryMs };
}

function messageOf(item: Json): Message | string {
  const cursor = member(item, "cursor");
  const event = member(item, "event");
  const data = member(item, "data");
  if (typeof cursor !== "string" || !CURSOR.test(cursor)) return "`cursor` is not a valid cursor";
  if (event !== undefined && typeof event !== "string") return "`event` is not a string";
  if (data === undefined) return "no `data`";
  return { cursor, event: event ?? "message", data };
}

/** An answer in a few words: `410 application/problem+json gap`, or how the exchange ended without one. */
export function describe(exchange: Exchange): string {
  return describeAnswer(exchange).replace(PROBLEM_BASE, "");
}

/** The prefix of all problem types of the specification. */
export const PROBLEM_BASE = "https://tidemark.example/problems/";

/** The registered name of the problem in an answer, if there is one. */
export function problemName(exchange: Exchange): string | undefined {
  return problemType(exchange)?.replace(PROBLEM_BASE, "");
}

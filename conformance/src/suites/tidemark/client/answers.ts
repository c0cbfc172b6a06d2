import { utf8 } from "../../../engine/wire/bytes.ts";
import type { HeaderLines } from "../../../engine/wire/headers.ts";
import { type Fragmentation, fragment } from "./fragment.ts";
import type { Reply } from "./reply.ts";
import type { ScriptedMessage } from "./scripted-log.ts";

/** How a script answers one request. */
export type Answer = (reply: Reply) => void;

/** The `Tidemark` field of a scripted server. */
export const CLAIMS =
  "v=1, mechanisms=(poll long-poll sse), max-wait=60, max-limit=1000, heartbeat=15, publish, key-ttl=86400";

/** The header fields of every Tidemark answer; `null` leaves `Tidemark` out, as any other server does. */
export function tidemarkHeaders(claims: string | null = CLAIMS): HeaderLines {
  return [
    ...(claims === null ? [] : ([["Tidemark", claims]] as const)),
    ["Vary", "Accept"],
    ["Cache-Control", "no-store"],
  ];
}

/** The members of a page. */
export interface PageFields {
  readonly messages?: readonly ScriptedMessage[];
  readonly cursor: string;
  readonly more?: boolean;
  readonly closed?: true;
  readonly retry?: number;
  readonly gap?: object;
  /** Further members. */
  readonly extra?: object;
}

/** The JSON text of a page. */
export function pageText(fields: PageFields): string {
  const { messages = [], cursor, more = false, extra = {}, ...rest } = fields;
  const items = messages.map(({ cursor: own, event, json }) => {
    const name = event === undefined ? "" : `"event":${JSON.stringify(event)},`;
    return `{"cursor":${JSON.stringify(own)},${name}"data":${json}}`;
  });
  const tail = JSON.stringify({ cursor, more, ...rest, ...extra });
  return `{"messages":[${items.join(",")}],${tail.slice(1)}`;
}

/** A page. */
export function page(fields: PageFields, claims?: string | null): Answer {
  return json(200, pageText(fields), claims);
}

/** A JSON answer of a Tidemark server. */
export function json(status: number, text: string, claims?: string | null, more: HeaderLines = []): Answer {
  return (reply) =>
    reply.whole(status, [...tidemarkHeaders(claims), ["Content-Type", "application/json"], ...more], text);
}

/** The parts of a problem answer. */
export interface ProblemFields {
  /** The name in the registry, or a whole URI. */
  readonly name: string;
  readonly title?: string;
  readonly members?: object;
  readonly headers?: HeaderLines;
  readonly claims?: string | null;
}

/** A problem answer of a Tidemark server. */
export function problem(status: number, fields: ProblemFields): Answer {
  const { name, title = "Scripted", members = {}, headers = [], claims } = fields;
  const type = name.includes(":") ? name : `https://tidemark.example/problems/${name}`;
  const body = JSON.stringify({ type, title, status, ...members });
  const typed: HeaderLines = [["Content-Type", "application/problem+json"], ...headers];
  return (reply) => reply.whole(status, [...tidemarkHeaders(claims), ...typed], body);
}

/** `503` with `Retry-After: 0`: any wait before the retry is the client's own backoff. */
export const unavailable: Answer = problem(503, { name: "unavailable", headers: [["Retry-After", "0"]] });

/** A `410` that reports a gap. */
export function gapProblem(gap: object): Answer {
  return problem(410, { name: "gap", members: gap });
}

/** An answer of a server that does not speak Tidemark, such as a captive portal. */
export function foreign(status: number, headers: HeaderLines = [], body = "<h1>Portal</h1>"): Answer {
  return (reply) => reply.whole(status, [["Content-Type", "text/html"], ...headers], body);
}

/** How a scripted stream ends: with its last chunk (`clean`), without it (`cut`), or not at all (`open`). */
export type StreamEnding = "clean" | "cut" | "open";

/** How a scripted stream is written. */
export interface StreamStyle {
  readonly ending?: StreamEnding;
  readonly how?: Fragmentation;
  readonly random?: () => number;
  readonly claims?: string | null;
  readonly status?: number;
  readonly contentType?: string;
}

/** An event stream with these bytes. */
export function stream(bytes: string | Uint8Array, style: StreamStyle = {}): Answer {
  const { ending = "clean", how = "whole", random = Math.random } = style;
  const parts = fragment(typeof bytes === "string" ? utf8(bytes) : bytes, how, random);
  return (reply) => {
    beginStream(reply, style);
    void reply.chunks(parts).then(() => {
      if (ending === "clean") reply.end();
      if (ending === "cut") reply.cut();
    });
  };
}

/** Send the head of a stream. */
export function beginStream(reply: Reply, style: StreamStyle = {}): void {
  const { claims, status = 200, contentType } = style;
  reply.begin(status, streamHeaders(claims, contentType));
}

/** The header fields of a stream. */
export function streamHeaders(claims?: string | null, contentType = "text/event-stream"): HeaderLines {
  return [...tidemarkHeaders(claims), ["Content-Type", contentType], ["X-Accel-Buffering", "no"]];
}

import { Buffer } from "node:buffer";
import type { HeadRecord } from "./records.ts";

/** What a producer returns: an answer with an event stream, or the bytes or the text of the stream. */
export type Upstream = Response | ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** The header fields that belong to one connection or one message, and are not kept for the readers of a run. */
const DROPPED = new Set([
  ...["connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authenticate"],
  ...[
    "content-length",
    "content-encoding",
    "content-md5",
    "digest",
    "etag",
    "last-modified",
    "accept-ranges",
  ],
  ...[
    "cache-control",
    "expires",
    "age",
    "date",
    "vary",
    "set-cookie",
    "set-cookie2",
    "alt-svc",
    "server",
    "via",
  ],
  ...["strict-transport-security", "x-accel-buffering", "incremental", "location", "retry-after", "tidemark"],
]);

/** The most bytes of header fields that are kept. */
const MAX_HEAD_BYTES = 8_192;

/** The head of an upstream; undefined if it is not an event stream, and so cannot be a run. */
export function headOf(upstream: Upstream): HeadRecord | undefined {
  if (!(upstream instanceof Response))
    return { status: 200, headers: { "content-type": "text/event-stream" } };
  const type = upstream.headers.get("content-type") ?? "";
  if (!upstream.ok || upstream.body === null || !/^\s*text\/event-stream\s*(;|$)/i.test(type))
    return undefined;
  const headers: Record<string, string> = {};
  let length = 0;
  for (const [name, value] of upstream.headers) {
    length += name.length + value.length;
    if (DROPPED.has(name) || name.startsWith("access-control-") || length > MAX_HEAD_BYTES) continue;
    headers[name] = value;
  }
  return { status: 200, headers: { ...headers, "content-type": type } };
}

/** The chunks of an upstream. Its `return` cancels it; at once, if it is a web stream, even while it is being read. */
export function chunksOf(upstream: Upstream): AsyncIterator<Uint8Array> {
  const source = upstream instanceof Response ? upstream.body : upstream;
  if (source === null) throw new TypeError("The answer has no body");
  const chunks = "getReader" in source ? readerOf(source) : source[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await chunks.next();
      if (done) return { done: true, value: undefined };
      return { done: false, value: typeof value === "string" ? Buffer.from(value) : value };
    },
    async return() {
      await chunks.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** The iterator of a web stream would wait for the next chunk before it cancels the stream. */
function readerOf(stream: ReadableStream<Uint8Array | string>): AsyncIterator<Uint8Array | string> {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

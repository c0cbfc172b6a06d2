import * as undici from "undici";
import { createAgent } from "./agent.ts";

const agent = createAgent();

/** `fetch`, with connections set up for long-lived answers. */
export const fetch: typeof globalThis.fetch = ((input: undici.RequestInfo, init?: undici.RequestInit) =>
  undici.fetch(input, { dispatcher: agent, ...init })) as unknown as typeof globalThis.fetch;

/** The `Headers` to use with {@link fetch}. */
export const Headers: typeof globalThis.Headers = undici.Headers as unknown as typeof globalThis.Headers;
export type Headers = globalThis.Headers;

/** The `Request` to use with {@link fetch}. */
export const Request: typeof globalThis.Request = undici.Request as unknown as typeof globalThis.Request;
export type Request = globalThis.Request;

/** The `Response` that {@link fetch} returns. */
export const Response: typeof globalThis.Response = undici.Response as unknown as typeof globalThis.Response;
export type Response = globalThis.Response;

class LongLivedEventSource extends undici.EventSource {
  constructor(url: string | URL, init: ConstructorParameters<typeof undici.EventSource>[1] = {}) {
    super(url, { ...init, node: { dispatcher: agent, ...init.node } });
  }
}

/** `EventSource`; undefined on platforms without it. */
export const EventSource: typeof globalThis.EventSource | undefined =
  LongLivedEventSource as unknown as typeof globalThis.EventSource;
export type EventSource = globalThis.EventSource;

export { AbortController, AbortSignal, ReadableStream, TextDecoderStream } from "./globals.ts";

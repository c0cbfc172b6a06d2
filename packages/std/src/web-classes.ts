/** The `Headers` to use with `fetch`. */
export const Headers: typeof globalThis.Headers = globalThis.Headers;
export type Headers = globalThis.Headers;

/** The `Request` to use with `fetch`. */
export const Request: typeof globalThis.Request = globalThis.Request;
export type Request = globalThis.Request;

/** The `Response` that `fetch` returns. */
export const Response: typeof globalThis.Response = globalThis.Response;
export type Response = globalThis.Response;

/** `EventSource`; undefined on platforms without it. */
export const EventSource: typeof globalThis.EventSource | undefined = globalThis.EventSource;
export type EventSource = globalThis.EventSource;

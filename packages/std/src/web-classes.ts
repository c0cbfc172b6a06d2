/** `Headers`, of the same make as `fetch`. */
export const Headers: typeof globalThis.Headers = globalThis.Headers;
export type Headers = globalThis.Headers;

/** `Request`, of the same make as `fetch`. */
export const Request: typeof globalThis.Request = globalThis.Request;
export type Request = globalThis.Request;

/** `Response`, of the same make as `fetch`. */
export const Response: typeof globalThis.Response = globalThis.Response;
export type Response = globalThis.Response;

/** `EventSource`; undefined where the platform has none. */
export const EventSource: typeof globalThis.EventSource | undefined = globalThis.EventSource;
export type EventSource = globalThis.EventSource;

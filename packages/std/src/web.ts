/** The platform's `fetch`, as it is at the time of the call. */
export const fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);

export { AbortController, AbortSignal, ReadableStream, TextDecoderStream } from "./globals.ts";
// In a file of their own, so that bundlers leave out what is not used.
export { EventSource, Headers, Request, Response } from "./web-classes.ts";

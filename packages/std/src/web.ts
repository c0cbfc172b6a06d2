/** The platform's `fetch`, looked up at each call. */
export const fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);

export { AbortController, AbortSignal, ReadableStream, TextDecoderStream } from "./globals.ts";
// In a separate file, so that bundlers drop the unused ones.
export { EventSource, Headers, Request, Response } from "./web-classes.ts";

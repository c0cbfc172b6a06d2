// Globals that every platform has, including Node.

export const AbortController: typeof globalThis.AbortController = globalThis.AbortController;
export type AbortController = globalThis.AbortController;

export const AbortSignal: typeof globalThis.AbortSignal = globalThis.AbortSignal;
export type AbortSignal = globalThis.AbortSignal;

export const ReadableStream: typeof globalThis.ReadableStream = globalThis.ReadableStream;
export type ReadableStream<R = unknown> = globalThis.ReadableStream<R>;

export const TextDecoderStream: typeof globalThis.TextDecoderStream = globalThis.TextDecoderStream;
export type TextDecoderStream = globalThis.TextDecoderStream;

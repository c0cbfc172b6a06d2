/** What an answer means: as it should be, a fault, worth knowing, only a figure, or not known. */
export type Standing = "good" | "fault" | "note" | "figure" | "unknown";

/** The mechanism that a fault makes unusable; without one, the fault is worth repairing but nothing fails. */
export type Breaks = "streams" | "long polls" | "polls";

/** The answer to one question. */
export interface Answer {
  readonly id: QuestionId;
  readonly standing: Standing;
  /** The answer in a few words: "yes", "cut after 6.0 s". */
  readonly text: string;
  readonly breaks?: Breaks;
  /** What was seen: each write with its times, each status, each field. */
  readonly proof: readonly string[];
  /** Numbers and choices for programs and for the settings. Times are in milliseconds. */
  readonly data: Readonly<Record<string, number | string | boolean>>;
}

/** Every question, in the order of the report, with the words that the report uses. */
export const QUESTIONS = {
  origin: "the origin answers",
  query: "the query arrives unchanged",
  latency: "time of a small request",
  stream: "a stream's writes arrive as they are made",
  bytes: "the bytes arrive unchanged",
  fields: "streams flow without a field that asks for it",
  post: "the answer to a POST streams",
  accept: "streams flow without Accept",
  compression: "streams flow if compression is offered",
  http2: "streams flow over HTTP/2",
  head: "the head arrives before the first write",
  idle: "a silent stream stays open",
  heartbeat: "a stream with heartbeats stays open",
  wait: "a long poll may wait for its answer",
  end: "a cut stream can be told from a finished one",
  disconnect: "the origin learns that a reader left",
  backpressure: "a slow reader slows the origin",
  parallel: "twelve streams and a POST at the same time",
  reuse: "the connection is used again after a stream",
  status: "errors arrive as they were sent",
  cached: "errors and answers are not stored unasked",
  cache: "answers with max-age are stored",
  key: "the query is part of the cache key",
  vary: "a cache honours Vary",
  "response-fields": "response fields arrive",
  "request-fields": "request fields arrive",
  trailers: "trailers arrive",
  early: "interim answers (103) arrive",
  body: "a request body of 1 MB arrives",
} as const;

/** The name of a question. */
export type QuestionId = keyof typeof QUESTIONS;

/** Whether a text is the name of a question. */
export function isQuestion(text: string): text is QuestionId {
  return Object.hasOwn(QUESTIONS, text);
}

/** An answer; `proof` and `data` are empty unless given. */
export function answer(
  id: QuestionId,
  standing: Standing,
  text: string,
  more: Partial<Pick<Answer, "breaks" | "proof" | "data">> = {},
): Answer {
  return { id, standing, text, proof: [], data: {}, ...more };
}

/** A duration in words: `6.0 s`, `350 ms`. */
export function inWords(ms: number): string {
  return Math.abs(ms) < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A number of bytes in words. */
export function bytesInWords(bytes: number): string {
  if (bytes < 10_240) return `${bytes} bytes`;
  return bytes < 1_048_576 ? `${Math.round(bytes / 1_024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

import type { ProtocolError } from "@tidemark/protocol";

/** What an answer carries: text or bytes that are there, or chunks that come as they are asked for. */
export type AnswerBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** What a mechanism answers; the rim adds what every answer has in common. */
export interface Answer {
  readonly status: number;
  /** Names as they go onto the wire. Without `Cache-Control` the rim says `no-store`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each chunk of an iterable body is a whole number of event-stream blocks: the body can end after any of them. */
  readonly body?: AnswerBody;
}

/** Seconds after which to try again where a problem does not say; long enough to let go of a burst. */
const RETRY_AFTER_S = 2;

/** Whether an answer's body comes over time. */
export function isStreamed(body: AnswerBody | undefined): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

/** A JSON answer that no cache may keep. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

/** Tell a failure as `application/problem+json`. Spec: core, CORE-PROBLEM-1 and 2. */
export function problemAnswer(error: ProtocolError): Answer {
  const headers = { "Content-Type": "application/problem+json" };
  const answer = { status: error.status, headers, body: JSON.stringify(error.toProblem()) };
  const retryAfterS = error.retryAfterS ?? (RETRYABLE.has(error.code) ? RETRY_AFTER_S : undefined);
  if (retryAfterS === undefined) return answer;
  return withHeader(answer, "Retry-After", String(Math.ceil(retryAfterS)));
}

/** The answer with one more header field. */
export function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

/** The problems whose answer always has `Retry-After`. */
const RETRYABLE: ReadonlySet<string> = new Set([
  "in-progress",
  "too-many-requests",
  "unavailable",
  "storage-full",
]);

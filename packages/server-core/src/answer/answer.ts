import type { ProtocolError } from "@tidemark/protocol";
import type { StreamSink } from "./stream-sink.ts";

/** The body of an answer: text or bytes, or a stream that is written over time. */
export type AnswerBody = string | Uint8Array | StreamBody;

/** A body that writes itself frame by frame, when there is data and the connection accepts it. */
export interface StreamBody {
  /** Start writing: the head of the answer is being sent. Called once, or replaced by {@link abandon}. */
  start(sink: StreamSink): void;
}

/** The answer of a mechanism. The fields that every answer has are added later. */
export interface Answer {
  readonly status: number;
  /** Names as they are sent. Without `Cache-Control`, `no-store` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AnswerBody;
  /** The body's length in bytes, if it is known. */
  readonly length?: number;
  /** How many messages the body contains. @defaultValue 0 */
  readonly messages?: number;
  /** The tag of a polled page: the same request gets the same answer until the channel changes. */
  readonly etag?: string;
}

/** `Retry-After` for problems that give none, in seconds; long enough for a burst to pass. */
const RETRY_AFTER_S = 2;

const JSON_HEADERS = { "Content-Type": "application/json" } as const;

/** Whether the body is a stream. */
export function isStreamed(body: AnswerBody | undefined): body is StreamBody {
  return typeof body === "object" && "start" in body;
}

/** End a stream that cannot be sent, so that it releases what it holds. */
export function abandon(body: StreamBody): void {
  body.start({
    open: (writer) => writer.gone(),
    begin: () => true,
    write: () => true,
    end: () => undefined,
    cut: () => undefined,
    report: () => undefined,
  });
}

/** A JSON answer that no cache may keep. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value) };
}

/** The answer for a problem, as `application/problem+json`. Spec: core, CORE-PROBLEM-1 and 2. */
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

/** The problems that always have `Retry-After`. `storage-full` has none: nobody knows when there will be room. */
const RETRYABLE: ReadonlySet<string> = new Set(["in-progress", "too-many-requests", "unavailable"]);

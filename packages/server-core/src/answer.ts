import type { ProtocolError } from "@tidemark/protocol";
import type { StreamSink } from "./stream-sink.ts";

/** What an answer carries: text or bytes that are there, or a stream that comes over time. */
export type AnswerBody = string | Uint8Array | StreamBody;

/** A body that writes itself, frame by frame, as there is something to say and the connection takes it. */
export interface StreamBody {
  /** The head of the answer is on its way; called once. Whoever cannot send it calls {@link abandon} instead. */
  start(sink: StreamSink): void;
}

/** What a mechanism answers; the rim adds what every answer has in common. */
export interface Answer {
  readonly status: number;
  /** Names as they go onto the wire. Without `Cache-Control` the rim says `no-store`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AnswerBody;
  /** The body's length in bytes, if it is known. */
  readonly length?: number;
  /** What names the page of a poll: the same request gets the same answer as long as the channel stays as it is. */
  readonly etag?: string;
}

/** Seconds after which to try again where a problem does not say; long enough to let go of a burst. */
const RETRY_AFTER_S = 2;

const JSON_HEADERS = { "Content-Type": "application/json" } as const;

/** Whether an answer's body comes over time. */
export function isStreamed(body: AnswerBody | undefined): body is StreamBody {
  return typeof body === "object" && "start" in body;
}

/** Tell a stream that cannot be sent that it is over, so that it lets go of what it holds. */
export function abandon(body: StreamBody): void {
  body.start({
    open: (writer) => writer.gone(),
    begin: () => true,
    write: () => true,
    end: () => undefined,
    fail: () => undefined,
  });
}

/** A JSON answer that no cache may keep. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value) };
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

/** The problems whose answer always has `Retry-After`. Nobody can say when a log that is full will take more. */
const RETRYABLE: ReadonlySet<string> = new Set(["in-progress", "too-many-requests", "unavailable"]);

import type { Delay, Retry, TransportOptions } from "@tidemark/client-core/kit";

/** An event of a stream. */
export interface StreamEvent {
  /** Its name; `message` if the stream gives none. */
  readonly event: string;
  /** Its data as text; the lines are joined by LF. */
  readonly data: string;
  /** The last event id, which an earlier event may have set; empty if none was set. */
  readonly id: string;
}

/** A comment of a stream; some servers send comments as heartbeats. */
export interface StreamComment {
  readonly comment: string;
}

/** What the next attempt needs to know. */
export interface StreamAttempt {
  /** The last answer was `401`: the credentials were rejected, so get new ones. */
  readonly unauthorized: boolean;
  /** Where the stream continues; it is also sent as `Last-Event-ID`. Empty at the start. */
  readonly lastEventId: string;
}

/** Where a stream comes from: a URL, or a function that makes the request of each attempt. */
export type StreamSource = string | URL | ((attempt: StreamAttempt) => Request | Promise<Request>);

/** How to read an event stream. */
export interface EventStreamOptions
  extends Pick<TransportOptions, "signal" | "headers" | "credentials" | "fetch" | "giveUpAfterMs"> {
  /** The request's method. @defaultValue "GET" */
  readonly method?: string;
  /** The request's body, sent again with every attempt, so it cannot be a stream. Set its `content-type` in `headers`. */
  readonly body?: Exclude<BodyInit, ReadableStream>;
  /** Resume after the event with this id, as from `lastEventId` of an earlier read. @defaultValue from the start */
  readonly lastEventId?: string;
  /**
   * Whether an event is the last one. The loop yields it, and ends. If the stream ends before that event, it
   * was cut: the client reconnects, or throws a ConnectionError.
   * @example ({ data }) => data === "[DONE]"
   */
  readonly until?: (event: StreamEvent) => boolean;
  /**
   * Whether the request may be sent again although the server may have received it, and no event had an id
   * from which to resume. @defaultValue for `GET`, `HEAD` and requests with an `Idempotency-Key`
   */
  readonly repeat?: boolean;
  /** Yield comments too, as `{ comment }`. @defaultValue false */
  readonly comments?: boolean;
  /** Time limit for the head of an answer, in milliseconds. @defaultValue 60 000 */
  readonly connectTimeoutMs?: number;
  /** Reconnect after this long without a byte, in milliseconds; null: wait forever. @defaultValue 300 000 */
  readonly silenceMs?: number | null;
  /** The largest event, in UTF-16 units; a larger one throws a RangeError. @defaultValue 16 MiB */
  readonly maxEventBytes?: number;
  /**
   * How long to wait after this many consecutive failures, in milliseconds. A longer `retry:` of the stream or
   * `Retry-After` of the answer takes precedence, up to 5 minutes, and attempts begin at least 250 ms apart.
   * @defaultValue the `retry:` of the stream after its first failure; else full jitter: random, below 1 s, 2 s, 4 s … 60 s
   */
  readonly retryDelayMs?: (failures: number) => number;
  /**
   * Called with the head of every answer, before the client judges it. The body of a refusal can be read
   * here; the body of a stream cannot.
   * @example async (response) => { if (!response.ok) console.error(await response.text()); }
   */
  readonly onAnswer?: (response: Response) => void | Promise<void>;
  /** Called before every retry. Without it, `console.warn` reports once that no stream has been opened yet. */
  readonly onRetry?: (retry: Retry) => void;
  /** Waits; replace it in tests that should not wait. */
  readonly delay?: Delay;
}

/** The events of a stream, across reconnections. `break`, `return()` and `signal` stop it at once. */
export interface EventStream<T> extends AsyncIterableIterator<T, undefined, void> {
  /** The id of the last event that the loop has got: pass it to a later read to resume there. */
  readonly lastEventId: string;
  return(): Promise<IteratorReturnResult<undefined>>;
  [Symbol.asyncIterator](): EventStream<T>;
}

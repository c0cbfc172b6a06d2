import type { Cursor, Gap, Position } from "@tidemark/protocol";

/** The body of a refusal (RFC 9457); any member may be missing or have the wrong type. */
export type Problem = Readonly<Record<string, unknown>>;

/**
 * How a connection failed.
 *
 * - `unreachable`: no answer came.
 * - `foreign`: the answer did not come from a Tidemark server.
 * - `cut`: the answer ended too soon, or is malformed.
 * - `timeout`: the server was silent for too long.
 * - `early`: the answer came early, and is empty.
 * - `misplaced`: the answer belongs to another position than the one requested.
 * - `unstreamable`: an intermediary does not forward streams.
 * - `busy`: an intermediary has no connection left.
 * - `offline`: the network was down, the page was frozen or in the back/forward cache, or the machine slept.
 */
export type ConnectionFailure =
  | "unreachable"
  | "foreign"
  | "cut"
  | "timeout"
  | "early"
  | "misplaced"
  | "unstreamable"
  | "busy"
  | "offline";

/** A failure of the network, or of something between client and server; the client retries by itself. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly failure: ConnectionFailure;
  /** The wait that `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: ConnectionFailure, detail: string, options: ErrorOptions & RetryAfter = {}) {
    super(`[${failure}] ${detail}`, options);
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A Tidemark server refused the request. Branch on `code`, or on `status` if `code` is undefined. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly status: number;
  /** The problem's name in the protocol's registry, such as `not-at-end`; undefined for any other problem. */
  readonly code: string | undefined;
  /** The problem in the body, with members such as `parameter` or `end`; empty if it was not a problem. */
  readonly problem: Problem;
  /** The wait that `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string | undefined, problem: Problem, options: RetryAfter = {}) {
    super(`[${code ?? status}] ${problem.detail ?? problem.title ?? "refused"}`);
    this.status = status;
    this.code = code;
    this.problem = problem;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * The server cannot continue from the client's position without loss. To continue, subscribe again with
 * `after` set to `start` or `end`: in the same process, that overrides the lost cursor in the store. Or
 * decide in `onGap`.
 */
export class GapError extends Error {
  override readonly name = "GapError";
  readonly gap: Gap;

  constructor(gap: Gap) {
    super(`messages after ${gap.requested} are gone (${gap.reason})`);
    this.gap = gap;
  }
}

/**
 * A message is larger than `maxMessageBytes`. To continue, raise that bound, or skip the message: with
 * `onTooLarge: () => "skip"`, or by subscribing with `after` set to `cursor`.
 */
export class TooLargeError extends RangeError {
  override readonly name = "TooLargeError";
  /** The message's cursor; undefined if the message is so large that the client did not read that far. */
  readonly cursor: Cursor | undefined;
  /** The length of its JSON text, or of the part that was read, in UTF-16 units. */
  readonly size: number;

  constructor(cursor: Cursor | undefined, size: number, maxBytes: number, after: Position) {
    const what = cursor === undefined ? `the message after ${after}` : `the message ${cursor}`;
    super(`${what} has ${size} bytes or more; maxMessageBytes is ${maxBytes}: raise it, or skip the message`);
    this.cursor = cursor;
    this.size = size;
  }
}

interface RetryAfter {
  readonly retryAfterMs?: number | undefined;
}

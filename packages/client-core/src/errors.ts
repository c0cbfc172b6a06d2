import type { Cursor, Gap, Position } from "@tidemark/protocol";
import type { Problem } from "./problem.ts";

/**
 * How a connection failed: no answer came (`unreachable`), it was not a Tidemark server's (`foreign`), it ended or was
 * malformed before its end (`cut`), it was silent for too long (`timeout`), it came early and empty (`early`), it answers
 * another position than the client asked for (`misplaced`), something on the way does not forward streams
 * (`unstreamable`) or has no connection left (`busy`), or the platform says that the network was away meanwhile
 * (`offline`).
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

/** A failure of the network or of what is between client and server; the client tries again by itself. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly failure: ConnectionFailure;
  /** What `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: ConnectionFailure, detail: string, options: ErrorOptions & RetryAfter = {}) {
    super(`[${failure}] ${detail}`, options);
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A Tidemark server refused. Branch on `code`, or on `status` where it is undefined. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly status: number;
  /** The name of the problem in the protocol's registry, such as `not-at-end`; undefined if it is none of the protocol's. */
  readonly code: string | undefined;
  /** The answer's body, with members such as `parameter` or `end`; empty if it was no problem. */
  readonly problem: Problem;
  /** What `Retry-After` asked for, in milliseconds. */
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
 * The server cannot continue from the client's position without loss. To go on, subscribe again with `after` set to
 * `start` or `end`: in this process that counts more than the lost cursor in a store. Or answer `onGap` beforehand.
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
 * A message is larger than `maxMessageBytes`. To go on, raise that, or skip the message: by `onTooLarge: () => "skip"`,
 * or by subscribing with `after` set to `cursor`.
 */
export class TooLargeError extends RangeError {
  override readonly name = "TooLargeError";
  /** The cursor of the message; undefined if it is so large that not even that was read. */
  readonly cursor: Cursor | undefined;
  /** The length of its JSON text, or of as much as was read; in UTF-16 units. */
  readonly size: number;

  constructor(cursor: Cursor | undefined, size: number, maxBytes: number, after: Position) {
    const what = cursor === undefined ? `what follows ${after}` : `the message ${cursor}`;
    super(
      `${what} has ${size} bytes or more, and maxMessageBytes is ${maxBytes}: raise it, or skip the message`,
    );
    this.cursor = cursor;
    this.size = size;
  }
}

interface RetryAfter {
  readonly retryAfterMs?: number | undefined;
}

import type { ProblemCode } from "@tidemark/protocol";

/** The answer to a request, as an {@link Observer} sees it. For a stream: its beginning. */
export interface Answered {
  /** The name of the mechanism; empty if the request was refused before one was chosen. */
  readonly mechanism: string;
  readonly status: number;
  /** The problem that the answer reports, if any. */
  readonly code: ProblemCode | undefined;
  /** Messages in the answer; for a stream 0, since {@link Observer.streamed} counts them. */
  readonly messages: number;
  /** Bytes of the body; for a stream 0. */
  readonly bytes: number;
}

/**
 * Why a stream ended: the channel was closed (`closed`), the client left (`client`) or took no bytes (`slow`), other
 * code broke the response (`broken`), the stream reached its maximum age (`age`), the server drains (`draining`), a
 * newer connection of the principal took its place (`displaced`), `authorize` refuses (`refused`) or has failed for too
 * long (`undecided`), the channel was removed or retention overtook the stream (`gap`), the log failed (`failed`).
 */
export type StreamEnd =
  | "closed"
  | "client"
  | "slow"
  | "broken"
  | "age"
  | "draining"
  | "displaced"
  | "refused"
  | "undecided"
  | "gap"
  | "failed";

/** A call of the log that has ended. */
export interface LogCall {
  readonly operation: "append" | "read" | "watch" | "remove";
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** If the log failed: the code of the problem, or `internal`. Refusals such as `gap` are not failures. */
  readonly failure: ProblemCode | undefined;
}

/**
 * What a server reports while it works, for metrics. The functions are called synchronously in the middle of the work,
 * `streamed` once for each stream and page: they have to be fast, and must not throw.
 */
export interface Observer {
  /** A request was answered, or refused. */
  answered(answer: Answered): void;
  /** Blocks of an event stream with this many messages were written to one stream. */
  streamed(messages: number, bytes: number): void;
  /** A client that asked for a stream was told to come back later, because the server drains or is full. */
  turnedAway(why: "draining" | "full"): void;
  /** A stream ended. */
  streamEnded(why: StreamEnd): void;
  /** The log has stored messages through this server; `bytes` of data. */
  appended(channel: string, messages: number, bytes: number): void;
  /** A call of the log has ended. */
  logCalled(call: LogCall): void;
  /**
   * The messages of an append through this server were written to all streams and held polls of this server that wait
   * at the end of the channel, `ms` milliseconds after the append began.
   */
  delivered(ms: number): void;
  /** News of a channel were written to them, `ms` milliseconds after the log reported that there are some. */
  woken(ms: number): void;
}

import type { Position } from "@tidemark/protocol";

/**
 * `idle`: no message was requested yet; `connecting`: a request is pending; `live`: the server has answered;
 * `refused`: it has no room for a stream now, and the client waits as long as it said; `waiting`: until the
 * next attempt or poll; `ended`: closed, stopped or failed.
 */
export type Phase = "idle" | "connecting" | "live" | "refused" | "waiting" | "ended";

/** The state of a subscription. */
export interface State {
  readonly phase: Phase;
  /** The mechanism in use. */
  readonly mechanism: string;
  /** The received position. */
  readonly cursor: Position;
  /** Consecutive failures. */
  readonly failures: number;
  /** The last failure, until the client receives something again. */
  readonly error: Error | undefined;
  /** Requests made so far. */
  readonly requests: number;
  /** Bytes of bodies received so far, after decoding. */
  readonly bytes: number;
}

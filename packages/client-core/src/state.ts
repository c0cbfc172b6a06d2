import type { Position } from "@tidemark/protocol";

/**
 * `idle`: nothing was asked for yet; `connecting`: asking the server; `live`: it answered; `refused`: it has no room for
 * a stream now, and the client waits for as long as it said; `waiting`: for the next attempt or poll; `ended`: closed,
 * stopped or failed.
 */
export type Phase = "idle" | "connecting" | "live" | "refused" | "waiting" | "ended";

/** How a subscription fares. */
export interface State {
  readonly phase: Phase;
  /** The mechanism in use. */
  readonly mechanism: string;
  /** The received position. */
  readonly cursor: Position;
  /** Failures in succession. */
  readonly failures: number;
  /** The last failure, until something is received again. */
  readonly error: Error | undefined;
  /** Requests made so far. */
  readonly requests: number;
  /** Bytes of bodies received so far, as decoded. */
  readonly bytes: number;
}

import type { Cursor, Position } from "@tidemark/protocol";
import { ConnectionError } from "./errors.ts";
import type { Batch } from "./mechanism.ts";

/** A connection that lived for so long works, whatever it brought, in milliseconds. */
const PROOF_MS = 5_000;

/** The least time between two requests while nothing new arrives, in milliseconds: at most ten requests in two seconds. */
export const MIN_INTERVAL_MS = 250;

/** What one connection has brought so far. */
export interface Visit {
  readonly askedAt: number;
  /** When the first batch came. */
  firstAt?: number;
  /** It brought something new: the next request may follow at once. */
  isFresh: boolean;
  /** It has shown that it works. */
  holds: boolean;
}

export function createVisit(): Visit {
  return { askedAt: performance.now(), isFresh: false, holds: false };
}

/** Take note of a batch of a connection that asked for what follows `asked`. */
export function note(visit: Visit, batch: Batch, asked: Position): void {
  const { messages, cursor, gap, more, holds, refused } = batch;
  visit.firstAt ??= performance.now();
  const isPlaced = cursor !== undefined && (asked === "start" || asked === "end");
  if (messages.length > 0 || gap !== undefined || more || isPlaced) visit.isFresh = true;
  if (messages.length > 0 || holds || refused) visit.holds = true;
}

/** Whether the connection has shown that it works: by a message, a second event or its age. */
export function isProven({ holds, firstAt = Number.POSITIVE_INFINITY }: Visit): boolean {
  return holds || performance.now() - firstAt >= PROOF_MS;
}

/** How long the client keeps away from the server by its own choice, in milliseconds. */
export function restMs({ isFresh, askedAt }: Visit): number {
  return isFresh ? 0 : MIN_INTERVAL_MS - (performance.now() - askedAt);
}

/**
 * A batch answers the position that was asked for.
 *
 * @throws ConnectionError if it holds messages and has not moved, or holds a message that came before.
 */
export function checkPlace(batch: Batch, asked: Position, first: Cursor | undefined): void {
  const { messages, cursor, gap } = batch;
  if (gap !== undefined || messages.length === 0) return;
  if (cursor === asked || messages.some((message) => message.cursor === asked || message.cursor === first))
    throw new ConnectionError("misplaced", `an answer that begins before ${asked}, the position asked for`);
}

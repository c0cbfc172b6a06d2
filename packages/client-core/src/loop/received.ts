import type { Position } from "@tidemark/protocol";
import type { Batch } from "./batch.ts";

/** A connection that has lived this long works, whatever it has received; in milliseconds. */
const PROOF_MS = 5_000;

/** The least time between requests while nothing new arrives, in milliseconds: at most ten in two seconds. */
export const MIN_INTERVAL_MS = 250;

/** What one connection has received so far. */
export interface Received {
  readonly askedAt: number;
  /** When the first batch arrived. */
  firstAt?: number;
  /** It received something new: the next request may follow at once. */
  isFresh: boolean;
  /** It has shown that it works. */
  holds: boolean;
}

export function nothingReceived(): Received {
  return { askedAt: performance.now(), isFresh: false, holds: false };
}

/** Record a batch of a connection that requested what follows `asked`. */
export function note(received: Received, batch: Batch, asked: Position): void {
  const { messages, cursor, more, holds, refused } = batch;
  received.firstAt ??= performance.now();
  const isPlaced = cursor !== undefined && (asked === "start" || asked === "end");
  if ((messages.length > 0 && cursor !== asked) || more || isPlaced) received.isFresh = true;
  if (messages.length > 0 || holds || refused) received.holds = true;
}

/** Whether a message, a second event or its age shows that the connection works. */
export function isProven({ holds, firstAt = Number.POSITIVE_INFINITY }: Received): boolean {
  return holds || performance.now() - firstAt >= PROOF_MS;
}

/** How long the client waits by its own choice before the next request, in milliseconds. */
export function restMs({ isFresh, askedAt }: Received): number {
  return isFresh ? 0 : MIN_INTERVAL_MS - (performance.now() - askedAt);
}

import type { Behavior, PlainFeed } from "./behavior.ts";

/** A plain server that is broken in one way. */
export interface PlainMutant {
  readonly id: string;
  readonly title: string;
  /** The sentences that the suite has to report. */
  readonly breaks: readonly string[];
  /** Sentences that fail as a consequence. */
  readonly collateral?: readonly string[];
  readonly changes: Partial<Behavior>;
}

/** How often something happened in a feed. */
export function counted(feed: PlainFeed, what: string): number {
  const count = (feed.memory.get(what) ?? 0) + 1;
  feed.memory.set(what, count);
  return count;
}

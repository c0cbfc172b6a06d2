import type { LogState, Version } from "./log-state.ts";

/** Where a read begins in one version of the channel. */
export interface Begin {
  /** After so many messages of the epoch. */
  readonly index: number;
  /** The reasons that a server may give for a gap; none if there is no gap. */
  readonly gap: readonly string[];
}

/** Resolve a position as the specification does; undefined: a cursor that the history cannot judge. */
export function beginOf(
  position: string | undefined,
  ifGap: "start" | "end" | undefined,
  version: Version,
  log: LogState,
): Begin {
  const { first, count, epoch } = version;
  if (position === undefined || position === "start") return { index: first, gap: [] };
  if (position === "end") return { index: count, gap: [] };
  const located = log.locate(position);
  if (located?.epoch === epoch && located.index >= first && located.index <= count)
    return { index: located.index, gap: [] };
  const index = ifGap === "end" ? count : first;
  if (!located) return { index, gap: ["unknown", "epoch", "ahead", "retention"] };
  if (located.epoch !== epoch) return { index, gap: ["epoch", "unknown", "ahead", "retention"] };
  return { index, gap: located.index < first ? ["retention", "unknown"] : ["ahead", "unknown", "epoch"] };
}

import { performance } from "node:perf_hooks";
import { type Claim, within } from "../../engine/model/claim.ts";
import type { LagMonitor } from "../../engine/run/lag.ts";

/** When something was awaited and when it came, in milliseconds after the start of an exchange. */
export type Times = readonly [fromMs: number, toMs: number | undefined];

/** It came within a bound. If this process was late for half of the delay or more, that is a claim about time. */
export function promptly(
  lag: LagMonitor,
  what: string,
  startedAt: number,
  [fromMs, toMs]: Times,
  boundMs: number,
): Claim {
  const actualMs = toMs === undefined ? undefined : toMs - fromMs;
  const excess = (actualMs ?? Number.POSITIVE_INFINITY) - boundMs;
  const span = { from: startedAt + fromMs, to: toMs === undefined ? performance.now() : startedAt + toMs };
  return { ...within(what, actualMs, boundMs), timed: lag.within(span) * 2 >= excess };
}

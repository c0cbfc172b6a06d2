import type { Fault } from "./fault.ts";
import type { Attribute } from "./simpler.ts";
import type { HistoryStep } from "./steps.ts";

/** The requirement that says what an attribute does. */
const OF_ATTRIBUTE: Readonly<Partial<Record<Attribute, string>>> = {
  event: "CORE-FILTER-1",
  extra: "CORE-PARAM-2",
  accept: "CORE-CHOICE-1",
  gap: "CORE-GAP-4",
  head: "CORE-HEAD-1",
  lastEventId: "SSE-RESUME-2",
};

/** Requirements that a wrong answer as a whole breaks, whatever the cause. */
const GENERIC: readonly string[] = [
  "POLL-PAGE-1",
  "POLL-PAGE-2",
  "CORE-POSITION-1",
  "SSE-STREAM-1",
  "PUB-DONE-2",
  "LP-WAIT-1",
  "LP-NOW-7",
];

/**
 * Name the requirement of a shrunk history. Every attribute that its blamed step still has is needed for the failure:
 * without it, the history passes. So a single attribute says what a generic fault is about.
 */
export function blame(fault: Fault, step: HistoryStep | undefined, sse: boolean): Fault {
  const names = (Object.keys(OF_ATTRIBUTE) as Attribute[]).filter((name) => step && name in step);
  const [only] = names.map((name) => OF_ATTRIBUTE[name]);
  const isHeader = step?.do === "stream" && step.by !== "after";
  const named = only ?? (isHeader ? "SSE-RESUME-1" : undefined);
  if (named === undefined || !GENERIC.includes(fault.requirement) || (named.startsWith("SSE") && !sse))
    return fault;
  if (names.length <= 1) return { ...fault, requirement: named };
  return { ...fault, or: named };
}

import type { Day, KnownFailure, TestResult } from "../model/result.ts";

/** The known failures of a target. */
export type Baseline = readonly KnownFailure[];

/** An outdated entry: its test passes or no longer exists, or its last day is over. */
export interface BaselineFault {
  readonly test: string;
  readonly fault: "expired" | "stale";
  readonly detail: string;
}

/** The entry that excuses a failed test today, if there is one. */
export function knownFailure(
  result: Pick<TestResult, "id" | "outcome">,
  baseline: Baseline,
  today: Day,
): KnownFailure | undefined {
  if (result.outcome !== "fail" && result.outcome !== "error") return undefined;
  const entry = baseline.find(({ test }) => test === result.id);
  return entry && !isExpired(entry, today) ? entry : undefined;
}

/** The outdated entries of a baseline, judged by a run. Entries of undecided tests are left alone. */
export function baselineFaults(
  baseline: Baseline,
  results: readonly TestResult[],
  knownTests: ReadonlySet<string>,
  today: Day,
): readonly BaselineFault[] {
  return baseline.flatMap((entry): readonly BaselineFault[] => {
    const { test } = entry;
    if (!knownTests.has(test)) return [{ test, fault: "stale", detail: "no test has this id" }];
    const outcome = results.find(({ id }) => id === test)?.outcome;
    if (outcome !== undefined && GOOD.has(outcome))
      return [{ test, fault: "stale", detail: `the test no longer fails: ${outcome}` }];
    const failed = outcome === "fail" || outcome === "error";
    return failed && isExpired(entry, today)
      ? [{ test, fault: "expired", detail: `it was to be fixed by ${entry.until}` }]
      : [];
  });
}

/** Today's date in UTC. */
export function today(): Day {
  return new Date().toISOString().slice(0, 10);
}

function isExpired({ until }: KnownFailure, day: Day): boolean {
  return until !== undefined && day > until;
}

/** Outcomes that leave nothing to excuse. `warn` is not among them, because it fails under `--strict`. */
const GOOD: ReadonlySet<string> = new Set(["pass", "info", "n/a"]);

import type { Level, Requirement } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import type { TestResult } from "./result.ts";

/** The standing of a requirement after a run; `known`: violated, but only as listed in the baseline. */
export type Standing = "verified" | "violated" | "known" | "not-met" | "unverified" | "n/a" | "observed";

/** One requirement, judged by all tests that check it. */
export interface RequirementStanding {
  readonly requirement: string;
  readonly level: Level;
  readonly standing: Standing;
  /** Why it is unverified: reason codes of its tests, `FILTERED` if they were not selected, or `NO_TEST`. */
  readonly why: readonly string[];
  readonly tests: readonly string[];
}

/** The number of tests by outcome. */
export type OutcomeCounts = { readonly [outcome in Outcome]?: number };

/** The MUSTs that bind the target. */
export interface MustCounts {
  readonly applicable: number;
  readonly verified: number;
  readonly violated: number;
  /** Violated, but only as listed in the baseline. */
  readonly known: number;
}

/** The requirements behind a verdict, and the outcomes of the tests. */
export interface Summary {
  readonly spec: string;
  readonly outcomes: OutcomeCounts;
  readonly requirements: readonly RequirementStanding[];
  readonly must: MustCounts;
}

/**
 * Summarize a run: the standing of each requirement that binds this target, and the number of each outcome.
 * `spec` is the version of the document; `tested` names the requirements that have a test, selected or not.
 */
export function summarize(
  requirements: readonly Requirement[],
  results: readonly TestResult[],
  { spec, tested = new Set() }: { readonly spec: string; readonly tested?: ReadonlySet<string> },
): Summary {
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of results) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const standings = requirements.map((requirement) => {
    const absent = tested.has(requirement.id) ? "FILTERED" : "NO_TEST";
    return standingOf(requirement, results, absent);
  });
  const musts = standings.filter(({ level, standing }) => level === "MUST" && standing !== "n/a");
  const count = (standing: Standing): number => musts.filter((row) => row.standing === standing).length;
  return {
    spec,
    outcomes,
    requirements: standings,
    must: {
      applicable: musts.length,
      verified: count("verified"),
      violated: count("violated"),
      known: count("known"),
    },
  };
}

function standingOf(
  requirement: Requirement,
  results: readonly TestResult[],
  absent: "FILTERED" | "NO_TEST",
): RequirementStanding {
  const rows = results
    .filter((result) => !result.candidate)
    .flatMap((result) =>
      result.requirements
        .filter((row) => row.requirement === requirement.id)
        .map((row) => ({
          test: result.id,
          outcome: row.outcome,
          reason: row.reason ?? result.reason,
          known: result.known !== undefined,
        })),
    );
  const outcomes = new Set(rows.filter((row) => !row.known).map((row) => row.outcome));
  const known = rows.some((row) => row.known && row.outcome === "fail");
  const why = rows
    .filter(({ outcome }) => UNDECIDED.has(outcome))
    .map(({ outcome, reason }) => reason ?? outcome.toUpperCase());
  return {
    requirement: requirement.id,
    level: requirement.level,
    standing: outcomes.has("fail") || !known ? judge(outcomes) : "known",
    why: rows.length === 0 ? [absent] : [...new Set(why)],
    tests: rows.map((row) => row.test),
  };
}

const UNDECIDED: ReadonlySet<Outcome> = new Set(["inconclusive", "error", "not-run"]);

function judge(outcomes: ReadonlySet<Outcome>): Standing {
  if (outcomes.has("fail")) return "violated";
  if (outcomes.has("warn")) return "not-met";
  if (outcomes.has("inconclusive") || outcomes.has("error")) return "unverified";
  if (outcomes.has("pass")) return "verified";
  if (outcomes.has("info")) return "observed";
  return outcomes.has("n/a") && !outcomes.has("not-run") ? "n/a" : "unverified";
}

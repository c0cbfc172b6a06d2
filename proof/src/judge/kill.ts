import type { RunReport } from "@tidemark/conformance";
import type { Mutant } from "../mutants/mutant.ts";
import { reportOnSubject, violated } from "./report.ts";

/** What the suite reported about a mutant. */
export interface Kill {
  readonly verdict: string;
  /** Requirements that the suite reported as violated or not met. */
  readonly found: readonly string[];
  /** Declared but not found: the mutant survives. */
  readonly survived: readonly string[];
  /** Found, but neither declared nor collateral: false errors of the suite. */
  readonly blamed: readonly string[];
  /** Declared as collateral but not found. */
  readonly idle: readonly string[];
  /** The tests that killed it. */
  readonly tests: readonly string[];
  /** Whether a check was inconclusive because this process was late, or a survivor was not checked at all. */
  readonly undecided: boolean;
  readonly wallMs: number;
}

/** Run the whole suite against a mutant, and compare the result with what the mutant declares. */
export async function kill(mutant: Mutant): Promise<Kill> {
  const report = await reportOnSubject(mutant);
  const { breaks, collateral = {} } = mutant;
  const found = violated(report);
  const survived = breaks.filter((id) => !found.includes(id));
  return {
    verdict: report.verdict.line,
    found,
    survived,
    blamed: found.filter((id) => !breaks.includes(id) && !(id in collateral)),
    idle: Object.keys(collateral).filter((id) => !found.includes(id)),
    tests: report.tests.filter(({ outcome }) => outcome === "fail" || outcome === "warn").map(({ id }) => id),
    undecided: isLagged(report) || survived.some((id) => isUndecided(report, id)),
    wallMs: report.durationMs,
  };
}

/** Whether a check was inconclusive because the suite's own process was late. */
export function isLagged({ tests }: RunReport): boolean {
  return tests.some(({ requirements }) => requirements.some(({ reason }) => reason === "LAGGED"));
}

/** Whether a test of the requirement was inconclusive about it. */
function isUndecided({ tests }: RunReport, id: string): boolean {
  const rows = tests.flatMap(({ requirements }) => requirements);
  return rows.some(({ requirement, outcome }) => requirement === id && outcome === "inconclusive");
}

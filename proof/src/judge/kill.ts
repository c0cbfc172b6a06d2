import type { RunReport } from "@tidemark/conformance";
import type { Mutant } from "../mutants/mutant.ts";
import { reportOnSubject, violated } from "./report.ts";

/** What the suite said of a mutant. */
export interface Kill {
  readonly verdict: string;
  /** Requirements that were found violated, or not met. */
  readonly found: readonly string[];
  /** Declared, and not found: the mutant survives. */
  readonly survived: readonly string[];
  /** Found, and neither declared nor collateral: the suite blames the innocent. */
  readonly blamed: readonly string[];
  /** Declared as collateral, and not found. */
  readonly idle: readonly string[];
  /** The tests that killed it. */
  readonly tests: readonly string[];
  /** Some check decided nothing because this process was late itself, or what was not found was not looked at. */
  readonly undecided: boolean;
  readonly wallMs: number;
}

/** Run the whole suite against a mutant, and hold what it found against what the mutant declares. */
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

/** Whether some check decided nothing because the suite's own process was late. */
export function isLagged({ tests }: RunReport): boolean {
  return tests.some(({ requirements }) => requirements.some(({ reason }) => reason === "LAGGED"));
}

/** Whether a test that shows the requirement ended without a word on it. */
function isUndecided({ tests }: RunReport, id: string): boolean {
  const rows = tests.flatMap(({ requirements }) => requirements);
  return rows.some(({ requirement, outcome }) => requirement === id && outcome === "inconclusive");
}

import type { RunReport } from "@tidemark/conformance";
import { type Carrier, runSuite } from "./run-suite.ts";

/** What the tests of a client found out about a requirement, taken together. */
export type Standing = "met" | "violated" | "not met" | "undecided" | "n/a";

type Test = RunReport["tests"][number];
type Outcome = Test["outcome"];

/** A run that was late itself decides little; its tests are run again so many times, few at once. */
const REPEATS = 3;

const FEW = "3";

/** Run the suite on a client; what it could not decide because it was late itself is run again. */
export async function runSteadily(carrier: Carrier, args: readonly string[]): Promise<RunReport> {
  const report = await runSuite(carrier, args);
  let { tests } = report;
  for (let again = 1; again <= REPEATS; again += 1) {
    const late = tests.filter(isLate).map(({ id }) => id);
    if (late.length === 0) break;
    const only = late.flatMap((id) => ["--run", id]);
    const second = await runSuite(carrier, [...only, "--jobs", FEW]);
    const results = new Map(second.tests.map((test) => [test.id, test]));
    tests = tests.map((test) => results.get(test.id) ?? test);
  }
  return { ...report, tests };
}

function isLate({ requirements }: Test): boolean {
  return requirements.some(({ reason }) => reason === "LAGGED");
}

/** The worst that any test found; what some left undecided is not met. */
export function standingOf(requirement: string, tests: readonly Test[]): Standing {
  const rows = tests.flatMap(({ requirements }) =>
    requirements.filter((row) => row.requirement === requirement),
  );
  const has = (...outcomes: readonly Outcome[]): boolean =>
    rows.some(({ outcome }) => outcomes.includes(outcome));
  if (has("fail")) return "violated";
  if (has("warn")) return "not met";
  if (has("inconclusive", "error", "not-run")) return "undecided";
  return has("pass", "info") ? "met" : "n/a";
}

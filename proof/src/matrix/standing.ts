import type { RunReport } from "@tidemark/conformance";
import { type Carrier, runSuite } from "./run-suite.ts";

/** The combined result of a client's tests for a requirement. */
export type Standing = "met" | "violated" | "not met" | "undecided" | "n/a";

type Test = RunReport["tests"][number];
type Outcome = Test["outcome"];

/** How often tests run again that were inconclusive because this machine was late. */
const REPEATS = 3;

/** How many of them run at once. */
const FEW = "3";

/**
 * Run the suite on a client, and repeat tests that were inconclusive because this machine was late.
 * @param suite the arguments that choose a suite; `args` choose its tests
 */
export async function runSteadily(
  carrier: Carrier,
  args: readonly string[],
  suite: readonly string[] = [],
): Promise<RunReport> {
  const report = await runSuite(carrier, [...suite, ...args]);
  let { tests } = report;
  for (let again = 1; again <= REPEATS; again += 1) {
    const late = tests.filter(isLate).map(({ id }) => id);
    if (late.length === 0) break;
    const only = late.flatMap((id) => ["--run", id]);
    const second = await runSuite(carrier, [...suite, ...only, "--jobs", FEW]);
    const results = new Map(second.tests.map((test) => [test.id, test]));
    tests = tests.map((test) => results.get(test.id) ?? test);
  }
  return { ...report, tests };
}

function isLate({ requirements }: Test): boolean {
  return requirements.some(({ reason }) => reason === "LAGGED");
}

/** The worst result of any test; a requirement that a test left undecided is not met. */
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

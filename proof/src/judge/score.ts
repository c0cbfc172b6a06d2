import type { RunReport } from "@tidemark/conformance";
import type { Variant } from "../variants/variant.ts";
import { isLagged } from "./kill.ts";
import { reportOnSubject, violated } from "./report.ts";

/** What the suite reported about a server that conforms. */
export interface Score {
  readonly verdict: string;
  /** False errors of the suite, with reasons. */
  readonly faults: readonly string[];
  /** Whether a test was inconclusive. */
  readonly undecided: boolean;
  readonly wallMs: number;
}

/** Run the whole suite against a server that conforms. */
export async function score(variant: Variant): Promise<Score> {
  const report = await reportOnSubject(variant);
  const open = undecided(report);
  return {
    verdict: report.verdict.line,
    faults: [...blamed(report, variant), ...open, ...unseen(report, variant)],
    undecided: isLagged(report) || open.length > 0,
    wallMs: report.durationMs,
  };
}

function blamed(report: RunReport, { unmet = [] }: Variant): string[] {
  const ids = violated(report).filter((id) => !unmet.includes(id));
  return report.tests.flatMap(({ id, requirements }) =>
    requirements
      .filter((row) => ids.includes(row.requirement) && (row.outcome === "fail" || row.outcome === "warn"))
      .map(({ requirement, evidence: [first] }) => {
        const why = first ? `${first.what}: expected ${first.expected}, got ${first.actual}` : "";
        return `${requirement} by ${id}: ${why.slice(0, MAX_REASON)}`;
      }),
  );
}

const MAX_REASON = 300;

function undecided(report: RunReport): string[] {
  return report.tests
    .filter(({ outcome }) => outcome === "inconclusive" || outcome === "error")
    .map(({ id, outcome, reason = "", detail = "" }) => `${id} is ${outcome}: ${reason} ${detail}`);
}

/** MUSTs that were not verified although they apply and can be tested. */
function unseen(report: RunReport, { isPartial = false }: Variant): string[] {
  if (isPartial) return [];
  return (report.summary?.requirements ?? [])
    .filter(
      ({ level, standing, why }) => level === "MUST" && standing === "unverified" && !why.every(isBeyond),
    )
    .map(({ requirement, why }) => `${requirement} was not verified: ${why.join(", ")}`);
}

function isBeyond(why: string): boolean {
  return why === "NO_TEST" || why === "NEEDS_PROVOKE";
}

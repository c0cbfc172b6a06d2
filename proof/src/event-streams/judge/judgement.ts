import type { RunReport } from "@tidemark/conformance";
import type { StreamMutant, StreamSubject } from "../subject.ts";
import { canPublish, reportOn, type Way } from "./run.ts";

/** What the suite says about a server in one way of running it. */
export interface Outcome {
  readonly verdict: string;
  /** Requirements reported as violated or not met. */
  readonly found: readonly string[];
  /** The tests that reported them. */
  readonly tests: readonly string[];
  /** Requirements that were verified. */
  readonly verified: readonly string[];
  /** Why the suite found them, for people. */
  readonly reasons: readonly string[];
  /** Tests that ended with an error of the suite, or without a decision because this process was late. */
  readonly unstable: readonly string[];
}

/** What the suite says about a server. */
export type Judgement = Readonly<Partial<Record<Way, Outcome>>>;

/** Run the suite with the URL only and, where that is possible and wanted, with a publisher. */
export async function judge(subject: StreamSubject, urlOnly: boolean): Promise<Judgement> {
  const url = outcomeOf(await reportOn(subject, "url"));
  if (urlOnly || (!canPublish(subject) && !subject.suite?.restarts)) return { url };
  return { url, publisher: outcomeOf(await reportOn(subject, "publisher")) };
}

function outcomeOf(report: RunReport): Outcome {
  const rows = report.summary?.requirements ?? [];
  const standing = (...wanted: readonly string[]): string[] =>
    rows
      .filter(({ standing, level }) => level !== "MAY" && wanted.includes(standing))
      .map(({ requirement }) => requirement);
  const found = standing("violated", "not-met");
  const blamed = report.tests.flatMap(({ id, requirements }) =>
    requirements
      .filter(
        ({ requirement, outcome }) =>
          found.includes(requirement) && (outcome === "fail" || outcome === "warn"),
      )
      .map((row) => ({ id, ...row })),
  );
  return {
    verdict: report.verdict.line,
    found,
    tests: [...new Set(blamed.map(({ id }) => id))].sort(),
    verified: standing("verified"),
    reasons: blamed.map(({ id, requirement, evidence: [first] }) => {
      const why = first ? `${first.what}: expected ${first.expected}, got ${first.actual}` : "";
      return `${requirement} by ${id}: ${why}`.slice(0, MAX_REASON);
    }),
    unstable: report.tests
      .filter(
        ({ outcome, requirements }) =>
          outcome === "error" || requirements.some(({ reason }) => reason === "LAGGED"),
      )
      .map(({ id, detail = "" }) => `${id} ${detail}`.trim()),
  };
}

const MAX_REASON = 260;

/** What is wrong with a judgement: nothing if the suite reported exactly what it has to. */
export function faultsOf(subject: StreamSubject | StreamMutant, { url, publisher }: Judgement): string[] {
  const outcomes = [url, publisher].filter((one) => one !== undefined);
  const found = new Set(outcomes.flatMap((outcome) => outcome.found));
  const { breaks, collateral = [] } = "breaks" in subject ? subject : { breaks: [] };
  // A broken server may also slow down this process, in which it runs; what counts is that the fault is found.
  const isFound = breaks.length > 0 && breaks.every((id) => found.has(id));
  return [
    ...breaks.filter((id) => !found.has(id)).map((id) => `${id} was not found`),
    ...[...found].filter((id) => ![...breaks, ...collateral].includes(id)).map((id) => `${id} was blamed`),
    ...(isFound ? [] : outcomes.flatMap(({ unstable }) => unstable.map((id) => `${id} is undecided`))),
    ...(isFound
      ? []
      : outcomes.map(({ verdict }) => verdict).filter((line) => line.startsWith("NO VERDICT"))),
  ];
}

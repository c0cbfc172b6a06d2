import type { BaselineFault } from "../baseline/baseline.ts";
import type { Summary } from "./summary.ts";
import type { TargetReport, Verdict, Words } from "./words.ts";

/** What the verdict depends on. */
export interface VerdictInput {
  /** Absent when the target could not be tested at all. */
  readonly summary?: Summary;
  /** Why there is no verdict. */
  readonly noVerdict?: string;
  readonly target: TargetReport;
  readonly words: Words;
  readonly strict: boolean;
  readonly requireComplete: boolean;
  /** Outdated entries of the baseline. */
  readonly baselineFaults?: readonly BaselineFault[];
}

/** Exit codes: 0 no violation, 1 violation, 2 usage, 3 no verdict, 4 a required MUST unverified. */
export const EXIT = { ok: 0, violation: 1, usage: 2, noVerdict: 3, incomplete: 4 } as const;

/**
 * Decide the verdict. A target is conformant only if every MUST that binds it was verified. The suite may put the line
 * in its own words; it cannot change the exit code.
 */
export function decide(input: VerdictInput): Verdict {
  const verdict = usualVerdict(input);
  const { words, target, summary } = input;
  const line = words.verdict?.({ ...verdict, target, ...(summary ? { summary } : {}) });
  return line === undefined ? verdict : { ...verdict, line };
}

function usualVerdict(input: VerdictInput): Verdict {
  const { summary, target, words } = input;
  if (!summary || input.noVerdict !== undefined) return noVerdict(input.noVerdict ?? "no test was run");
  const { applicable, verified, violated, known } = summary.must;
  const shoulds = input.strict ? unmetShoulds(summary) : 0;
  const faults = input.baselineFaults ?? [];
  if (violated + shoulds > 0) return notConformant(violated, shoulds, faults);
  if (faults.length > 0) return outdated(faults);
  if (verified === 0) return noVerdict("no requirement could be verified");
  const undecided = undecidedMusts(summary);
  if (undecided > applicable * MOST_UNDECIDED)
    return noVerdict(
      `${undecided} of ${applicable} MUST could not be decided, although they were tested; their tests say why`,
    );
  const score = `${verified < applicable * FEW ? "only " : ""}${verified}/${applicable} MUST verified`;
  if (known > 0) {
    const line = `NO NEW VIOLATIONS: ${score}, ${known} violated as listed in the baseline${missing(summary, words)}`;
    return { kind: "known-violations", line, exitCode: incompleteCode(input, verified + known < applicable) };
  }
  if (verified === applicable) {
    const scope = [...target.mechanisms, ...(target.publish ? ["publish"] : [])].join(" + ");
    return {
      kind: "conformant",
      line: `CONFORMANT (spec ${summary.spec}, ${scope}): ${score}`,
      exitCode: EXIT.ok,
    };
  }
  const head = verified < applicable * FEW ? "INCOMPLETE: no violation found, but " : "NO VIOLATIONS FOUND: ";
  const line = `${head}${score}${missing(summary, words)}`;
  return { kind: "no-violations", line, exitCode: incompleteCode(input, true) };
}

/** If more of the MUSTs than this were tested without a result, the run says nothing about the target. */
const MOST_UNDECIDED = 1 / 4;

/** If less of the MUSTs than this was verified, the verdict says so first. */
const FEW = 1 / 2;

/** The MUSTs that were tested, but not decided. */
function undecidedMusts({ requirements }: Summary): number {
  return requirements.filter(
    ({ level, standing, why }) =>
      level === "MUST" && standing === "unverified" && why.some((code) => TESTED.has(code)),
  ).length;
}

/** The reasons of tests that ran without a result, except that the suite itself was late. */
const TESTED: ReadonlySet<string> = new Set([
  "PRECONDITION_FAILED",
  "CONTROL_FAILED",
  "NO_DATA",
  "REFUSED",
  "ERROR",
]);

function incompleteCode({ requireComplete }: VerdictInput, incomplete: boolean): number {
  return requireComplete && incomplete ? EXIT.incomplete : EXIT.ok;
}

function noVerdict(why: string): Verdict {
  return { kind: "no-verdict", line: `NO VERDICT: ${why}`, exitCode: EXIT.noVerdict };
}

/** No requirement is violated, but the baseline lists failures that no longer occur. */
function outdated(faults: readonly BaselineFault[]): Verdict {
  const names = faults.map(({ test, fault }) => `${test} (${fault})`).join(", ");
  return { kind: "not-conformant", line: `BASELINE OUT OF DATE: ${names}`, exitCode: EXIT.violation };
}

function notConformant(violated: number, shoulds: number, faults: readonly BaselineFault[]): Verdict {
  const parts = [
    ...(violated > 0 ? [`${violated} MUST violated`] : []),
    ...(shoulds > 0 ? [`${shoulds} SHOULD not met (--strict)`] : []),
    ...(faults.length > 0
      ? [`${faults.length} baseline ${faults.length === 1 ? "entry" : "entries"} out of date`]
      : []),
  ];
  return { kind: "not-conformant", line: `NOT CONFORMANT: ${parts.join(", ")}`, exitCode: EXIT.violation };
}

function unmetShoulds(summary: Summary): number {
  return summary.requirements.filter(
    ({ level, standing }) => level === "SHOULD" && (standing === "not-met" || standing === "violated"),
  ).length;
}

const PHRASES: Readonly<Record<string, string>> = {
  NO_TEST: "have no test yet",
  FILTERED: "were filtered out",
  BUDGET: "did not fit the budget",
  INTERRUPTED: "were interrupted",
};

/** Completes "3 …" for requirements that were not verified for this reason. */
export function phraseOf(code: string, { reasons }: Words): string {
  return reasons[code] ?? PHRASES[code] ?? "were inconclusive";
}

/** `, 17 need a way to publish, 2 were inconclusive`: each unverified MUST once, by its first reason. */
function missing(summary: Summary, words: Words): string {
  const counts = new Map<string, number>();
  for (const { level, standing, why } of summary.requirements) {
    if (level !== "MUST" || standing !== "unverified") continue;
    const code = why[0] ?? "";
    const phrase = phraseOf(code, words);
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return [...counts].map(([phrase, count]) => `, ${count} ${phrase}`).join("");
}

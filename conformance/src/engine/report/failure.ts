import type { Requirement } from "../model/ledger.ts";
import type { Evidence, RequirementResult, TestResult } from "../model/result.ts";
import { shorten } from "../wire/excerpt.ts";
import { transcriptLines } from "../wire/transcript.ts";

/** How failures are shown. */
export interface FailureOptions {
  readonly ledger: ReadonlyMap<string, Requirement>;
  /** The command that runs one test again. */
  readonly replay: (test: string) => string;
  /** Lines of transcript to show. Default 60. */
  readonly maxLines?: number;
}

/** The folder of the specification's chapters in the repository. */
const SPEC_FOLDER = "spec/";

/** File and fragment of a requirement's text. */
export function specLink(requirement: Requirement): string {
  return `${SPEC_FOLDER}${requirement.anchor}`;
}

/** Whether somebody has to look at this outcome. */
export function isNotable(row: Pick<RequirementResult, "outcome">): boolean {
  return ["fail", "warn", "inconclusive", "error"].includes(row.outcome);
}

/** Why a known failure does not count: `known failure: the reason (the issue, until 2026-12-31)`. */
export function knownText({ known }: Pick<TestResult, "known">): string {
  const rest = [known?.issue, known?.until && `until ${known.until}`].filter((part) => part !== undefined);
  return `known failure: ${known?.reason}${rest.length === 0 ? "" : ` (${rest.join(", ")})`}`;
}

/** Everything about a test that did not pass: requirement, expectation, result, and how to reproduce it. */
export function failureLines(result: TestResult, options: FailureOptions): string[] {
  return [
    ...shortLines(result, options),
    ...result.notes.map((note) => `  note: ${note}`),
    ...section("reproduce", result.curl?.split("\n") ?? []),
    ...section("transcript", transcriptOf(result, options.maxLines ?? 60)),
    `  replay: ${options.replay(result.id)}`,
  ];
}

/** The first part of {@link failureLines}: the requirement, what was expected and what came. */
export function shortLines(result: TestResult, options: FailureOptions): string[] {
  return [
    `${result.outcome.toUpperCase()} ${result.id}`,
    `  ${result.title}`,
    ...(result.detail === undefined ? [] : [`  ${result.reason ?? ""} ${result.detail}`.trimEnd()]),
    ...result.requirements.filter(isNotable).flatMap((row) => requirementLines(row, options.ledger)),
  ];
}

function requirementLines(row: RequirementResult, ledger: ReadonlyMap<string, Requirement>): string[] {
  const requirement = ledger.get(row.requirement);
  const failed = row.evidence.filter((evidence) => !evidence.ok);
  if (row.outcome === "inconclusive" && failed.length === 0) return [`  ${row.requirement}: undecided`];
  return [
    "",
    `  ${row.requirement} (${keywordOf(row, requirement)}) ${requirement ? specLink(requirement) : ""}`,
    ...(requirement ? [`    “${requirement.text}”`] : []),
    ...failed.flatMap(evidenceLines),
  ];
}

/** The keyword of the sentence; a promise of the target can lift it. */
function keywordOf({ level }: RequirementResult, requirement: Requirement | undefined): string {
  if (requirement === undefined || requirement.level === level) return requirement?.keyword ?? level;
  return `${level}: promised, otherwise ${requirement.keyword}`;
}

function evidenceLines(evidence: Evidence): string[] {
  const where = evidence.exchange === undefined ? "" : ` (request ${evidence.exchange + 1})`;
  return [
    `    ${evidence.what}${where}`,
    `      expected: ${shorten(evidence.expected)}`,
    `      actual:   ${shorten(evidence.actual)}`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

/** The transcript; a long one is reduced to the exchanges that show the failure. */
function transcriptOf(result: TestResult, maxLines: number): string[] {
  const shown = result.exchanges.map((record, index) => [`request ${index + 1}`, ...transcriptLines(record)]);
  const named = result.requirements.flatMap((row) => row.evidence.map((item) => item.exchange));
  const blamed = new Set(named.length > 0 ? named : [shown.length - 1]);
  const all = shown.flat();
  if (all.length <= maxLines) return all;
  const kept = shown.filter((_, index) => blamed.has(index)).flat();
  const lines = kept.length > 0 ? kept : all;
  const cut = lines.length > maxLines ? [`… ${lines.length - maxLines} more lines in the JSON report`] : [];
  return [...lines.slice(0, maxLines), ...cut];
}

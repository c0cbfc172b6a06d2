import type { RunReport } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Standing } from "../model/summary.ts";

/** A requirement or test that differs between two reports; undefined where a report does not have it. */
export interface Change<T> {
  readonly id: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
  /** It was fine before and is bad now. */
  readonly worse: boolean;
}

/** What changed between two reports. */
export interface ReportDiff {
  readonly requirements: readonly Change<Standing>[];
  readonly tests: readonly Change<Outcome>[];
}

/** Compare two reports by the standing of each requirement and the outcome of each test. */
export function diffReports(before: RunReport, after: RunReport): ReportDiff {
  const standings = ({ summary }: RunReport): Map<string, Standing> =>
    new Map((summary?.requirements ?? []).map((row) => [row.requirement, row.standing]));
  const outcomes = ({ tests }: RunReport): Map<string, Outcome> =>
    new Map(tests.map(({ id, outcome }) => [id, outcome]));
  return {
    requirements: changes(standings(before), standings(after), ["violated", "not-met"]),
    tests: changes(outcomes(before), outcomes(after), ["fail", "error", "warn"]),
  };
}

function changes<T extends string>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  bad: readonly T[],
): Change<T>[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  const isBad = (value: T | undefined): boolean => value !== undefined && bad.includes(value);
  return ids
    .map((id) => ({ id, before: before.get(id), after: after.get(id) }))
    .filter((row) => row.before !== row.after)
    .map((row) => ({ ...row, worse: isBad(row.after) && !isBad(row.before) }));
}

/** The differences as lines, regressions first. */
export function diffLines({ requirements, tests }: ReportDiff): string[] {
  const line = ({ id, before, after, worse }: Change<string>): string =>
    `${worse ? "worse" : "     "} ${id}: ${before ?? "(absent)"} → ${after ?? "(absent)"}`;
  const sorted = (rows: readonly Change<string>[]): string[] =>
    [...rows].sort((a, b) => Number(b.worse) - Number(a.worse)).map(line);
  if (requirements.length + tests.length === 0) return ["no differences"];
  return [
    ...(requirements.length > 0 ? ["requirements:", ...sorted(requirements)] : []),
    ...(tests.length > 0 ? ["tests:", ...sorted(tests)] : []),
  ];
}

import type { RunReport } from "../model/event.ts";
import type { Standing } from "../model/summary.ts";

/** How several targets stand, by what differs between them or is wrong with one. */
export interface Comparison {
  readonly suite: string;
  readonly targets: readonly ComparedTarget[];
  readonly requirements: readonly ComparedRequirement[];
  /** How many requirements are verified everywhere, and are not listed. */
  readonly verifiedEverywhere: number;
}

export interface ComparedTarget {
  /** Its name and version, or its URL. */
  readonly name: string;
  readonly verdict: string;
  readonly exitCode: number;
  readonly startedAt: string;
  readonly must: { readonly verified: number; readonly applicable: number; readonly violated: number };
  /** Sentences that are not met, and nobody promised. */
  readonly advice: number;
}

export interface ComparedRequirement {
  readonly id: string;
  /** One for each target, in their order; undefined where the sentence does not bind the target. */
  readonly standings: readonly (Standing | undefined)[];
}

/** Compare reports of one suite. */
export function compareReports(reports: readonly RunReport[]): Comparison {
  const standings = reports.map(
    ({ summary }) =>
      new Map((summary?.requirements ?? []).map(({ requirement, standing }) => [requirement, standing])),
  );
  const ids = [...new Set(standings.flatMap((one) => [...one.keys()]))].sort();
  const rows = ids.map((id) => ({ id, standings: standings.map((one) => one.get(id)) }));
  const isPlain = (row: ComparedRequirement): boolean => row.standings.every((one) => one === "verified");
  const isSilent = (row: ComparedRequirement): boolean => new Set(row.standings).size === 1 && !isBad(row);
  return {
    suite: reports[0]?.suiteName ?? "",
    targets: reports.map(targetOf),
    requirements: rows.filter((row) => !isSilent(row)),
    verifiedEverywhere: rows.filter(isPlain).length,
  };
}

function isBad({ standings }: ComparedRequirement): boolean {
  return standings.some((one) => one === "violated" || one === "not-met" || one === "known");
}

function targetOf({ target, verdict, startedAt, summary }: RunReport): ComparedTarget {
  const { identity, url } = target;
  const named = [identity?.name, identity?.version].filter(Boolean).join(" ");
  const { applicable = 0, verified = 0, violated = 0 } = summary?.must ?? {};
  return {
    name: named === "" ? url : named,
    verdict: verdict.line,
    exitCode: verdict.exitCode,
    startedAt,
    must: { verified, applicable, violated },
    advice: (summary?.requirements ?? []).filter(({ standing }) => standing === "not-met").length,
  };
}

const MARKS: Readonly<Record<Standing, string>> = {
  verified: "✓",
  violated: "✗",
  known: "✗ known",
  "not-met": "~",
  unverified: "·",
  "n/a": "–",
  observed: "o",
};

const KEY = "✓ verified, ✗ violated, ~ not met (advice), · not verified, – does not apply, o observed";

/** The comparison as Markdown, in which people can read the cells too. */
export function comparisonTable({ suite, targets, requirements, verifiedEverywhere }: Comparison): string {
  const names = targets.map((_, n) => String(n + 1));
  const summary = targets.map(({ name, must, advice, verdict }, n) => [
    String(n + 1),
    name,
    `${must.verified}/${must.applicable}`,
    String(must.violated),
    String(advice),
    verdict,
  ]);
  const rows = requirements.map(({ id, standings }) => [
    id,
    ...standings.map((one) => (one === undefined ? "" : MARKS[one])),
  ]);
  return [
    `# ${suite}: ${targets.length} targets`,
    table([["", "target", "MUST", "violated", "advice", "verdict"], ...summary]),
    ...(rows.length > 0 ? [KEY, table([["", ...names], ...rows])] : []),
    `${verifiedEverywhere} more are verified everywhere.`,
    "",
  ].join("\n\n");
}

/** A table in Markdown, aligned for people. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? "").length), 3));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (row[at] ?? "").replaceAll("|", "\\|").padEnd(width)).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join(
    "\n",
  );
}

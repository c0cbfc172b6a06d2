import type { RunReport } from "../model/event.ts";
import type { Requirement, RequirementClass } from "../model/ledger.ts";
import type { RequirementStanding } from "../model/summary.ts";

/** The chapters of the specification, in its order. */
const CHAPTERS: readonly RequirementClass[] = ["core", "polling", "long-polling", "sse", "publishing"];

/** A requirement and its standing. */
export interface ChapterRow {
  readonly standing: RequirementStanding;
  readonly requirement: Requirement;
}

/** A chapter of the specification, with the requirements that bind the target. */
export interface Chapter {
  readonly name: RequirementClass;
  readonly rows: readonly ChapterRow[];
}

/** A report's requirements by chapter, without those that this version of the ledger does not know. */
export function chaptersOf(report: RunReport, ledger: ReadonlyMap<string, Requirement>): Chapter[] {
  const rows = (report.summary?.requirements ?? []).flatMap((standing) => {
    const requirement = ledger.get(standing.requirement);
    return requirement ? [{ standing, requirement }] : [];
  });
  return CHAPTERS.map((name) => ({
    name,
    rows: rows.filter(({ requirement }) => requirement.class === name),
  })).filter((chapter) => chapter.rows.length > 0);
}

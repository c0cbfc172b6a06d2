import type { RunReport } from "../model/event.ts";
import type { Ledger, Requirement } from "../model/ledger.ts";
import type { RequirementStanding } from "../model/summary.ts";
import type { Words } from "../model/words.ts";

/** A requirement and its standing. */
export interface ChapterRow {
  readonly standing: RequirementStanding;
  readonly requirement: Requirement;
}

/** A chapter of the specification, with the requirements that bind the target. */
export interface Chapter {
  readonly name: string;
  readonly rows: readonly ChapterRow[];
}

/** A report's requirements by chapter, without those that this version of the ledger does not know. */
export function chaptersOf(
  report: RunReport,
  { ledger, words }: { readonly ledger: Ledger; readonly words: Words },
): Chapter[] {
  const rows = (report.summary?.requirements ?? []).flatMap((standing) => {
    const requirement = ledger.get(standing.requirement);
    return requirement ? [{ standing, requirement }] : [];
  });
  return words.chapters
    .map((name) => ({
      name,
      rows: rows.filter(({ requirement }) => requirement.class === name),
    }))
    .filter((chapter) => chapter.rows.length > 0);
}

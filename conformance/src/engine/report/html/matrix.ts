import type { CheckCounts, TestResult } from "../../model/result.ts";
import type { Standing } from "../../model/summary.ts";
import type { KindWords } from "../../model/words.ts";
import type { Chapter, ChapterRow } from "../chapters.ts";
import { specLink } from "../failure.ts";
import { html, type Markup, sentence } from "./markup.ts";

/** Marks that are distinct without colour. */
export const STANDING_MARKS: Readonly<Record<Standing, string>> = {
  violated: "✗",
  known: "✗",
  "not-met": "!",
  unverified: "?",
  verified: "✓",
  observed: "i",
  "n/a": "–",
};

/** The table of requirements, with one column for each kind of request. */
export function matrix(
  chapters: readonly Chapter[],
  tests: readonly TestResult[],
  kinds: readonly KindWords[],
): Markup {
  const heads = kinds.map(
    ({ title, short }) =>
      html`<th scope="col"><span class="full">${title}</span><abbr title="${title}">${short}</abbr></th>`,
  );
  return html`<div class="scroll"><table class="matrix">
<thead><tr><th scope="col">requirement</th>${heads}</tr></thead>
${chapters.map((chapter) => chapterBody(chapter, tests, kinds))}
</table></div>`;
}

function chapterBody(
  { name, rows }: Chapter,
  tests: readonly TestResult[],
  kinds: readonly KindWords[],
): Markup {
  const verified = rows.filter(({ standing }) => standing.standing === "verified").length;
  return html`<tbody data-chapter="${name}">
<tr class="chapter"><th colspan="${kinds.length + 1}" scope="rowgroup">${name} <small>${verified} of ${rows.length} verified</small></th></tr>
${rows.map((row) => requirementRow(row, tests, kinds))}
</tbody>`;
}

function requirementRow(
  { standing, requirement }: ChapterRow,
  tests: readonly TestResult[],
  kinds: readonly KindWords[],
): Markup {
  const { id, keyword, text } = requirement;
  const shown = tests.filter((test) => standing.tests.includes(test.id));
  const counts = kinds.map(({ kind, title }) => cell(title, sum(kind, id, shown)));
  const why = standing.standing === "unverified" ? ` (${standing.why.join(", ")})` : "";
  const links = shown.map((test) => html`<li><a href="#${testAnchor(test.id)}">${test.id}</a></li>`);
  return html`<tr class="requirement" data-standing="${standing.standing}">
<th scope="row"><details><summary><span class="mark ${standing.standing}" title="${standing.standing}${why}">${STANDING_MARKS[standing.standing]}</span> <span class="id">${id}</span> <span class="level">${keyword}</span></summary>
<p class="sentence">${sentence(text)}</p><p class="where">${standing.standing}${why} · ${specLink(requirement)}</p>${links.length > 0 && html`<ul>${links}</ul>`}</details></th>
${counts}</tr>
`;
}

interface Tally {
  readonly made: number;
  readonly failed: number;
}

function sum(kind: string, requirement: string, tests: readonly TestResult[]): Tally {
  const all: readonly (CheckCounts[string] | undefined)[] = tests
    .flatMap(({ requirements }) => requirements)
    .filter((row) => row.requirement === requirement)
    .map((row) => row.by?.[kind]);
  return {
    made: all.reduce((total, counts) => total + (counts?.made ?? 0), 0),
    failed: all.reduce((total, counts) => total + (counts?.failed ?? 0), 0),
  };
}

function cell(column: string, { made, failed }: Tally): Markup {
  if (made === 0) return html`<td class="none" title="${column}: not checked">·</td>`;
  const title = `${column}: ${failed > 0 ? `${failed} of ${made}` : made} checks ${failed > 0 ? "failed" : "passed"}`;
  const mark = failed > 0 ? html`✗ <small>${failed}/${made}</small>` : html`✓ <small>${made}</small>`;
  return html`<td class="${failed > 0 ? "failed" : "held"}" title="${title}">${mark}</td>`;
}

/** The anchor of a test on the page. */
export function testAnchor(id: string): string {
  return `test-${id.replaceAll("/", "-")}`;
}

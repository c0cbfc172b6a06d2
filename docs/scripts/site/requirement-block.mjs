// A requirement in a chapter: its anchor, its sentence, and the tests that show it.
import { describeMark, testHref } from "./coverage.mjs";

/** The heading level keeps requirements out of "on this page": a chapter has fifty of them. */
const HEADING = "####";

/**
 * @param {import("./coverage.mjs").Requirement} requirement
 * @param {import("./coverage.mjs").Mark} mark
 * @param {string} sentence as the page shows it
 */
export function requirementBlock(requirement, mark, sentence) {
  const { id, level, subject } = requirement;
  const weight = level.split(" ")[0]?.toLowerCase();
  return `<div class="requirement ${weight}">

${HEADING} ${id} {#${id.toLowerCase()}}

<p class="facts"><span>${subject}</span><span class="level">${level}</span></p>

${sentence}

${coverageNote(requirement, mark)}

</div>`;
}

/**
 * @param {import("./coverage.mjs").Requirement} requirement
 * @param {import("./coverage.mjs").Mark} mark
 */
function coverageNote({ reason }, mark) {
  const summary = `<summary><span>${describeMark(mark)}</span></summary>`;
  if (mark.state === "untested") return `<p class="coverage untested"><span>${describeMark(mark)}</span></p>`;
  const details =
    mark.state === "unobservable"
      ? `Why: ${reason}.`
      : mark.tests.map((test) => `- [\`${test.id}\`](${testHref(test)}) ${test.title}`).join("\n");
  return `<details class="coverage ${mark.state}">${summary}\n\n${details}\n\n</details>`;
}

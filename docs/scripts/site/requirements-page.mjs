// The index of all requirements; the component filters the rows of the data file.
import { describeMark, requirementHref, testHref } from "./coverage.mjs";
import { inlineHtml } from "./markdown.mjs";

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function requirementsPage({ requirements, marks }) {
  const observable = requirements.filter((requirement) => requirement.observable);
  const tested = observable.filter(({ id }) => marks.get(id)?.state === "tested");
  const markdown = `# Requirements

All ${requirements.length} requirements, also as [data](/spec/requirements.json){target="_blank"}. Tests of [the suite](/suite/tests) cover ${tested.length} of the ${observable.length} that can be observed from outside.

<RequirementIndex />
`;
  return [{ path: "spec/requirements", title: "All requirements", section: "specification", markdown }];
}

/** The rows of the component, one for each requirement. */
export function requirementRows({ requirements, marks }) {
  return requirements.map((requirement) => {
    const mark = marks.get(requirement.id);
    return {
      id: requirement.id,
      level: requirement.level,
      subject: requirement.subject,
      class: requirement.class,
      html: inlineHtml(
        requirement.text.replace(/\]\(#/g, `](${requirementHref(requirement).split("#")[0]}#`),
      ),
      href: requirementHref(requirement),
      state: mark.state,
      mark: describeMark(mark),
      reason: requirement.reason ?? null,
      tests: mark.tests.map((test) => ({ id: test.id, href: testHref(test) })),
    };
  });
}

// The page of the suite's tests: the title of each, and the requirements that it verifies.
import { requirementHref, testAnchor } from "./coverage.mjs";
import { escapeHtml } from "./markdown.mjs";

/** The titles of the folders of tests. */
const GROUPS = {
  "server/core": "Servers: core",
  "server/polling": "Servers: polling",
  "server/long-polling": "Servers: long polling",
  "server/sse": "Servers: SSE",
  "server/publishing": "Servers: publishing",
  "client/poll": "Clients: polling",
  "client/long-poll": "Clients: long polling",
  "client/sse": "Clients: SSE",
  "client/auto": "Clients: changing the mechanism",
  "client/publish": "Clients: publishing",
};

const NEEDS = {
  poll: "polling",
  "long-poll": "long polling",
  sse: "SSE",
  publish: "a way to publish",
  channels: "channels of its own",
};

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function testsPage({ tests, requirements }) {
  if (tests.length === 0) return [];
  const hrefs = new Map(requirements.map((requirement) => [requirement.id, requirementHref(requirement)]));
  const groups = new Map();
  for (const test of tests) {
    const folder = test.id.split("/").slice(0, 2).join("/");
    groups.set(folder, [...(groups.get(folder) ?? []), test]);
  }
  const sections = [...groups].map(
    ([folder, group]) =>
      `## ${GROUPS[folder] ?? folder}\n\n${group.map((test) => testBlock(test, hrefs)).join("\n\n")}`,
  );
  const markdown = `# Tests

The ${tests.length} tests of the suite, and the requirements that each verifies. To run one: \`npx @tidemark/conformance server <url> --run <id>\`, or \`client --adapter <command> --run <id>\`.

${sections.join("\n\n")}
`;
  return [{ path: "suite/tests", title: "Tests", section: "suite", markdown, outline: 2 }];
}

/** @param {import("./coverage.mjs").SuiteTest} test @param {ReadonlyMap<string, string>} hrefs */
function testBlock({ id, title, requirements, needs }, hrefs) {
  const shown = requirements.map((requirement) => `[${requirement}](${hrefs.get(requirement)})`).join(" ");
  const wanted = needs.map((need) => NEEDS[need] ?? need).join(", ");
  return `<div class="test">

### ${id} {#${testAnchor(id)}}

${escapeHtml(title)}.

<div class="shows">

${shown}${wanted === "" ? "" : ` · needs ${wanted}`}

</div>

</div>`;
}

import { test } from "uvu";
import * as assert from "uvu/assert";
import { chapterPages } from "./chapters.mjs";
import { markRequirements, requirementHref, testHref } from "./coverage.mjs";
import { makePages } from "./pages.mjs";
import { readSources } from "./sources.mjs";

const requirement = {
  id: "SSE-RESUME-2",
  level: "MUST",
  subject: "server",
  class: "sse",
  text: "A server MUST ignore it.",
  anchor: "sse.md#sse-resume-2",
  observable: true,
};
const shown = { id: "server/sse/ignores", title: "It is ignored", requirements: ["SSE-RESUME-2"], needs: [] };
const text = `# Tidemark: SSE

> **SSE-RESUME-2** · server · MUST
> A server MUST ignore it.

See SSE-RESUME-2, \`SSE-RESUME-2\` and [core](core.md#gaps).

\`\`\`http id=sse-first then=sse-second
GET / HTTP/1.1
\`\`\`
`;

/** @returns {import("./pages.mjs").Sources} */
function sourcesOf(requirements, tests, markdown = text) {
  return {
    requirements,
    tests,
    marks: markRequirements(requirements, tests),
    chapters: new Map([["sse", markdown]]),
    decisions: new Map(),
    changelogs: new Map(),
  };
}

test("a requirement has its anchor, its sentence and the tests that show it", () => {
  const [page] = chapterPages(sourcesOf([requirement], [shown]));
  assert.is(page?.title, "SSE");
  assert.match(page?.markdown ?? "", "#### SSE-RESUME-2 {#sse-resume-2}");
  assert.match(page?.markdown ?? "", "<span>1 test</span>");
  assert.match(
    page?.markdown ?? "",
    "- [`server/sse/ignores`](/suite/tests#server-sse-ignores) It is ignored",
  );
});

test("the mark says if there is no test, and why there cannot be one", () => {
  const hidden = { ...requirement, observable: false, reason: "it happens inside" };
  assert.match(chapterPages(sourcesOf([requirement], []))[0]?.markdown ?? "", "no test yet");
  assert.match(chapterPages(sourcesOf([hidden], []))[0]?.markdown ?? "", "Why: it happens inside.");
});

test("references become links, and code stays unchanged", () => {
  const markdown = chapterPages(sourcesOf([requirement], []))[0]?.markdown ?? "";
  assert.match(
    markdown,
    "See [SSE-RESUME-2](/spec/sse#sse-resume-2), `SSE-RESUME-2` and [core](/spec/core#gaps).",
  );
  assert.match(markdown, '<div class="exchange" id="sse-first">\n\n```http\nGET / HTTP/1.1\n```');
});

test("a ledger of another edition is an error", () => {
  const other = { ...requirement, id: "SSE-RESUME-3", anchor: "sse.md#sse-resume-3" };
  assert.throws(() => chapterPages(sourcesOf([requirement, other], [])), /no block for SSE-RESUME-3/);
});

test("a test of a requirement that is not in the ledger is an error", () => {
  const stray = { ...shown, requirements: ["SSE-RESUME-9"] };
  assert.throws(() => markRequirements([requirement], [stray]), /server\/sse\/ignores shows SSE-RESUME-9/);
});

test("every requirement and every test of the suite has its anchor", async () => {
  const sources = await readSources();
  const pages = new Map(makePages(sources).map(({ path, markdown }) => [`/${path}`, markdown]));
  const anchored = (href) => {
    const [path = "", anchor = ""] = href.split("#");
    return pages.get(path)?.includes(` {#${anchor}}\n`) ?? false;
  };
  const lost = [...sources.requirements.map(requirementHref), ...sources.tests.map(testHref)].filter(
    (href) => !anchored(href),
  );
  assert.equal(lost, []);
  assert.ok(sources.requirements.length > 100 && sources.tests.length > 40);
});

test.run();

// The chapters of the specification as pages.

import { requirementHref } from "./coverage.mjs";
import { curlOf } from "./curl.mjs";
import { linkRequirements, siteLinks } from "./links.mjs";
import { requirementBlock } from "./requirement-block.mjs";

const ORDER = ["README", "core", "polling", "long-polling", "sse", "publishing", "clients", "rationale"];
const HEAD = /^> \*\*([A-Z]+-[A-Z]+-\d+)\*\* · (?!withdrawn)/;

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function chapterPages(sources) {
  const rank = (name) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  const pages = [...sources.chapters]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([name, markdown]) => chapterPage(name, markdown, sources));
  assertAllRendered(pages, sources.requirements);
  return pages;
}

/** @returns {import("./page.mjs").Page} */
function chapterPage(name, markdown, sources) {
  const isIndex = name === "README";
  const title = isIndex ? "Text and data" : titleOf(markdown, name);
  const headed = markdown.replace(/^# .+$/m, `# ${title}`);
  const linked = linkRequirements(siteLinks(headed, `spec/${name}.md`), sources.requirements);
  return {
    path: `spec/${isIndex ? "index" : name}`,
    title,
    section: "specification",
    markdown: nameExamples(renderRequirements(linked, sources)),
  };
}

/** The chapter's title without the specification's name, which is in the corner of every page. */
function titleOf(markdown, name) {
  const title = /^# (?:Tidemark: )?(.+)$/m.exec(markdown)?.[1] ?? name;
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Turn each quoted requirement into a block with an anchor and a mark. */
function renderRequirements(markdown, { requirements, marks }) {
  const known = new Map(requirements.map((requirement) => [requirement.id, requirement]));
  return markdown.replace(/^>.*(?:\n>.*)*/gm, (quote) => {
    const [head = "", ...body] = quote.split("\n");
    const requirement = known.get(HEAD.exec(head)?.[1] ?? "");
    if (requirement === undefined) return quote;
    const sentence = body.map((line) => line.replace(/^>\s?/, "")).join("\n");
    return requirementBlock(requirement, marks.get(requirement.id), sentence);
  });
}

/** Give each exchange with an id an anchor, and add its curl command. */
function nameExamples(markdown) {
  return markdown.replace(
    /^```http id=([\w-]+).*\n([\s\S]*?)^```$/gm,
    (_, id, exchange) =>
      `<div class="exchange" id="${id}">\n\n\`\`\`http\n${exchange}\`\`\`\n\n\`\`\`sh\n${curlOf(exchange)}\n\`\`\`\n\n</div>`,
  );
}

/** Fail if the ledger and the text do not match: then one of them is from another edition. */
function assertAllRendered(pages, requirements) {
  const anchors = new Set(
    pages.flatMap(({ path, markdown }) =>
      [...markdown.matchAll(/^#### .* \{#(.+)\}$/gm)].map(([, anchor]) => `/${path}#${anchor}`),
    ),
  );
  const missing = requirements.filter((requirement) => !anchors.has(requirementHref(requirement)));
  const strangers = anchors.size - (requirements.length - missing.length);
  if (missing.length === 0 && strangers === 0) return;
  const ids = missing.map(({ id }) => id).join(", ") || "none";
  throw new Error(`requirements.json does not match the text; run the collector: no block for ${ids}`);
}

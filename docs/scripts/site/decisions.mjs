// The decision records, and the page that lists them.
import { linkRequirements, siteLinks } from "./links.mjs";

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function decisionPages({ decisions, requirements }) {
  if (decisions.size === 0) return [];
  const records = [...decisions]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, markdown]) => record(name, linkRequirements(markdown, requirements)));
  const rows = records.map(({ path, title }) => `- [${title}](/${path})`);
  const index = `# Decisions\n\nWhat was decided, and why; the [specification](/spec/core) has the outcome.\n\n${rows.join("\n")}\n`;
  return [{ path: "decisions/index", title: "Decisions", section: "decisions", markdown: index }, ...records];
}

/** @returns {import("./page.mjs").Page} */
function record(name, markdown) {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? name;
  const text = siteLinks(markdown, `docs/decisions/${name}.md`);
  return { path: `decisions/${name}`, title, section: "decisions", markdown: text };
}

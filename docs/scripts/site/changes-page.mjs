// The page of changes: the specification's own section, and the changelogs of the packages.
import { siteLinks } from "./links.mjs";

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function changesPage({ chapters, changelogs }) {
  const section = /^## Changes.*\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(chapters.get("core") ?? "")?.[1];
  if (section === undefined) throw new Error("spec/core.md has no section on its changes");
  const packages = [...changelogs].map(
    ([name, text]) => `### ${name}\n\n${text.replace(/^# .*\n+/, "").replace(/^#/gm, "###")}`,
  );
  const markdown = `# Changes

## The specification

${siteLinks(section, "spec/core.md").trim()}

## The packages

${packages.join("\n\n") || "Nothing was released yet."}
`;
  return [{ path: "changes", title: "Changes", section: "specification", markdown, outline: 2 }];
}

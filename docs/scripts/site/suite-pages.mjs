// What the suite says of its two interfaces, for those who want more of it than a URL.
import { linkRequirements, siteLinks } from "./links.mjs";

/** The files of `conformance/`, and how the navigation calls them. */
const PAGES = [
  { file: "ADAPTERS", path: "suite/adapters", title: "Adapters for clients" },
  { file: "control", path: "suite/control", title: "Provoking faults" },
];

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function suitePages({ suite, requirements }) {
  return PAGES.map(({ file, path, title }) => {
    const text = suite.get(file);
    if (text === undefined) throw new Error(`conformance/${file}.md is not there`);
    const markdown = siteLinks(linkRequirements(text, requirements), `conformance/${file}.md`);
    return { path, title, section: "suite", markdown };
  });
}

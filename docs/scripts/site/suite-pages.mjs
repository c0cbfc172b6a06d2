// The pages of the suite's two interfaces: adapters and control.
import { linkRequirements, siteLinks } from "./links.mjs";

/** The files of `conformance/`, and their titles in the navigation. */
const PAGES = [
  { file: "ADAPTERS", path: "suite/adapters", title: "Adapters for clients" },
  { file: "control", path: "suite/control", title: "Provoking faults" },
];

/** @param {import("./pages.mjs").Sources} sources @returns {import("./page.mjs").Page[]} */
export function suitePages({ suite, requirements }) {
  return PAGES.map(({ file, path, title }) => {
    const text = suite.get(file);
    if (text === undefined) throw new Error(`conformance/${file}.md does not exist`);
    const markdown = siteLinks(linkRequirements(text, requirements), `conformance/${file}.md`);
    return { path, title, section: "suite", markdown };
  });
}

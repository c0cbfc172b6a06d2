// All generated pages. To add a kind of page, add a function to this list.
import { changesPage } from "./changes-page.mjs";
import { chapterPages } from "./chapters.mjs";
import { decisionPages } from "./decisions.mjs";
import { requirementsPage } from "./requirements-page.mjs";
import { suitePages } from "./suite-pages.mjs";
import { testsPage } from "./tests-page.mjs";

/**
 * @typedef {object} Sources
 * @property {readonly import("./coverage.mjs").Requirement[]} requirements
 * @property {readonly import("./coverage.mjs").SuiteTest[]} tests
 * @property {ReadonlyMap<string, import("./coverage.mjs").Mark>} marks by the requirement's id
 * @property {ReadonlyMap<string, string>} chapters Markdown by name
 * @property {ReadonlyMap<string, string>} decisions Markdown by name
 * @property {ReadonlyMap<string, string>} suite Markdown by name
 * @property {ReadonlyMap<string, string>} changelogs Markdown by the package's name
 */

/** @type {readonly ((sources: Sources) => import("./page.mjs").Page[])[]} */
const GENERATORS = [chapterPages, requirementsPage, testsPage, suitePages, decisionPages, changesPage];

/** @param {Sources} sources @returns {import("./page.mjs").Page[]} in the order of the navigation */
export function makePages(sources) {
  return GENERATORS.flatMap((generate) => generate(sources));
}

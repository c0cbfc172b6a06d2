// Which conformance tests show which requirement.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { mainOf } from "../../../tools/launch.mjs";
import { ROOT } from "./repository.mjs";

/**
 * @typedef {object} SuiteTest
 * @property {string} id such as `server/sse/open-first-block`
 * @property {string} title
 * @property {readonly string[]} requirements
 * @property {readonly string[]} needs what the target has to offer
 */

/**
 * @typedef {object} Requirement one row of `spec/requirements.json`
 * @property {string} id
 * @property {string} level
 * @property {"server" | "client"} subject
 * @property {string} class
 * @property {string} text
 * @property {string} anchor file and fragment: `sse.md#sse-resume-2`
 * @property {boolean} observable
 * @property {string} [reason] why it is not observable
 */

/**
 * @typedef {object} Mark how a requirement is tested
 * @property {"tested" | "untested" | "unobservable"} state
 * @property {readonly SuiteTest[]} tests
 */

const run = promisify(execFile);
const inRoot = { cwd: ROOT, maxBuffer: 64 * 1_048_576 };

/** Ask the suite for its tests. Rejects with its output if it fails. @returns {Promise<SuiteTest[]>} */
export async function listTests() {
  await giveLedger();
  const suite = [...mainOf("conformance"), "list", "--json"];
  const { stdout } = await run(process.execPath, suite, inRoot).catch(({ stderr, message }) => {
    throw new Error(`the suite cannot list its tests: ${(stderr || message).trim()}`);
  });
  return JSON.parse(stdout).tests;
}

/** Update the suite's copy of the ledger, which its build makes; if it is current, do not touch it: others may read it. */
async function giveLedger() {
  const [ledger, copy] = await Promise.all(
    ["spec/requirements.json", "conformance/data/requirements.json"].map((path) =>
      existsSync(join(ROOT, path)) ? readFile(join(ROOT, path), "utf8") : undefined,
    ),
  );
  if (copy !== ledger) await run(process.execPath, ["tools/copy-ledger.mjs"], inRoot);
}

/**
 * @param {readonly Requirement[]} requirements @param {readonly SuiteTest[]} tests
 * @returns {Map<string, Mark>} by the requirement's id
 */
export function markRequirements(requirements, tests) {
  const known = new Set(requirements.map(({ id }) => id));
  const dangling = tests.flatMap((test) =>
    test.requirements.filter((id) => !known.has(id)).map((id) => `${test.id} shows ${id}`),
  );
  if (dangling.length > 0) throw new Error(`not in the ledger: ${dangling.join(", ")}`);
  return new Map(requirements.map((requirement) => [requirement.id, markOf(requirement, tests)]));
}

/** @param {Requirement} requirement @param {readonly SuiteTest[]} tests @returns {Mark} */
function markOf({ id, observable }, tests) {
  const shown = tests.filter((test) => test.requirements.includes(id));
  if (shown.length > 0) return { state: "tested", tests: shown };
  return { state: observable ? "untested" : "unobservable", tests: [] };
}

/** The mark in words. @param {Mark} mark */
export function describeMark({ state, tests }) {
  if (state === "unobservable") return "not observable";
  if (state === "untested") return "no test yet";
  return tests.length === 1 ? "1 test" : `${tests.length} tests`;
}

/** The link to a test on the page of tests. @param {SuiteTest} test */
export function testHref({ id }) {
  return `/suite/tests#${testAnchor(id)}`;
}

/** @param {string} id of a test */
export function testAnchor(id) {
  return id.replaceAll("/", "-");
}

/** The link to a requirement in the specification. @param {Requirement} requirement */
export function requirementHref({ anchor }) {
  return `/spec/${anchor.replace(".md#", "#")}`;
}

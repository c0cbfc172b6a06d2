import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "./document.ts";
import { type Example, exampleFaults, readExamples } from "./examples.ts";
import { CHAPTERS, type Chapter, collect, type Ledger } from "./ledger.ts";
import { type ProblemRow, readProblems } from "./problems.ts";
import { type Reviewable, type Reviewed, reviewableVectors, reviewFaults } from "./reviewed.ts";
import type { SuiteTest } from "./suite.ts";

/** The file that says which wording of each requirement, and which vectors, the tests were last held against. */
export const REVIEWED = "reviewed.json";

/** All that is read out of the text. */
export interface Specification {
  readonly ledger: Ledger;
  readonly examples: readonly Example[];
  readonly problems: readonly ProblemRow[];
  /** The sentences and vectors that somebody has to look at when they change. */
  readonly reviewables: readonly Reviewable[];
  readonly faults: readonly Fault[];
}

/** Read the chapters in a folder, and find what is wrong with them. */
export function readSpecification(root: string): Specification {
  const chapters = CHAPTERS.map((file) => readChapter(root, file));
  const others = readOthers(root);
  const ledger = collect(chapters, others);
  const vectors = others
    .filter(({ file }) => file.startsWith("vectors/"))
    .map(({ file, markdown }) => reviewableVectors(file, markdown));
  const read = chapters.map(({ file, markdown }) => readExamples(file, markdown));
  const examples = read.flatMap((found) => found.examples);
  const registry = readProblems("core.md", readChapter(root, "core.md").markdown);
  const faults = [
    ...ledger.faults,
    ...read.flatMap((found) => found.faults),
    ...exampleFaults(examples),
    ...registry.faults,
  ];
  return {
    ledger,
    examples,
    problems: registry.problems,
    reviewables: [...ledger.requirements, ...vectors],
    faults,
  };
}

/** Write the files of data that follow from the text. */
export function writeData(root: string, specification: Specification): void {
  for (const [name, json] of dataOf(specification)) writeFileSync(join(root, name), json);
}

/**
 * What is wrong beside the text: files of data that do not follow from it, and requirements and
 * vectors whose tests were not looked at since they changed.
 * @param listTests asked only if something changed; undefined where the suite cannot say
 */
export function dataFaults(
  root: string,
  specification: Specification,
  listTests: () => readonly SuiteTest[] | undefined,
): readonly Fault[] {
  const stale = dataOf(specification)
    .filter(([name, json]) => readFileSync(join(root, name), "utf8") !== json)
    .map(([file]) => ({ file, line: 0, message: "is not what the text says: run the collector" }));
  const { reviewables, ledger } = specification;
  return [...stale, ...reviewFaults(reviewables, readReviewed(root), ledger.places, listTests)];
}

/** Which wordings were confirmed; none where nobody did. */
export function readReviewed(root: string): Reviewed {
  const path = join(root, REVIEWED);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Reviewed) : {};
}

function dataOf({ ledger, examples, problems }: Specification): readonly [string, string][] {
  return Object.entries({
    "requirements.json": ledger.requirements,
    "examples.json": examples,
    "problems.json": problems,
  }).map(([name, data]) => [name, `${JSON.stringify(data, null, 2)}\n`]);
}

function readChapter(root: string, file: string): Chapter {
  return { file, markdown: readFileSync(join(root, file), "utf8") };
}

/** Texts beside the chapters whose references are checked: other Markdown, OpenAPI, and the vectors. */
function readOthers(root: string): readonly Chapter[] {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /^(?:[^/]+\.(?:md|yaml)|vectors\/.+\.json)$/.test(name) && !CHAPTERS.includes(name))
    .sort()
    .map((name) => readChapter(root, name));
}

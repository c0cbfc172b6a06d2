import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "./document.ts";
import { type Example, exampleFaults, readExamples } from "./examples.ts";
import { CHAPTERS, type Chapter, collect, type Ledger, MAX_PROFILE_WORDS, PROFILES } from "./ledger.ts";
import { type ProblemRow, readProblems } from "./problems.ts";
import { type Reviewable, type Reviewed, reviewableVectors, reviewFaults } from "./reviewed.ts";
import type { SuiteTest } from "./suite.ts";

/** The file with the hashes of the sentences and vectors when their tests were last reviewed. */
export const REVIEWED = "reviewed.json";

/** Everything that is extracted from the text. */
export interface Specification {
  readonly ledger: Ledger;
  /** The ledger of each profile, by its file. */
  readonly profiles: ReadonlyMap<string, Ledger>;
  readonly examples: readonly Example[];
  readonly problems: readonly ProblemRow[];
  /** The sentences and vectors whose tests have to be reviewed when they change. */
  readonly reviewables: readonly Reviewable[];
  readonly faults: readonly Fault[];
}

/** Read the chapters in a folder, and find errors in them. */
export function readSpecification(root: string): Specification {
  const chapters = CHAPTERS.map((file) => readChapter(root, file));
  const others = readOthers(root);
  const profiles = new Map(
    PROFILES.map((file) => [file, collect([readChapter(root, file)], [], { maxWords: MAX_PROFILE_WORDS })]),
  );
  const profiled = [...profiles.values()];
  const sentences = profiled.flatMap(({ requirements }) => requirements);
  const ledger = collect(chapters, others, { defined: sentences.map(({ id }) => id) });
  const vectors = others
    .filter(({ file }) => file.startsWith("vectors/"))
    .map(({ file, markdown }) => reviewableVectors(file, markdown));
  const read = chapters.map(({ file, markdown }) => readExamples(file, markdown));
  const examples = read.flatMap((found) => found.examples);
  const registry = readProblems("core.md", readChapter(root, "core.md").markdown);
  const faults = [
    ...ledger.faults,
    ...profiled.flatMap((profile) => profile.faults),
    ...read.flatMap((found) => found.faults),
    ...exampleFaults(examples),
    ...registry.faults,
  ];
  return {
    ledger,
    profiles,
    examples,
    problems: registry.problems,
    reviewables: [...ledger.requirements, ...sentences, ...vectors],
    faults,
  };
}

/** Write the JSON files that are extracted from the text. */
export function writeData(root: string, specification: Specification): void {
  for (const [name, json] of dataOf(specification)) writeFileSync(join(root, name), json);
}

/**
 * Errors outside of the text: JSON files that are out of date, and requirements and vectors whose tests were not
 * reviewed since they changed.
 * @param listTests called only if something changed; returns `undefined` if the suite cannot list its tests
 */
export function dataFaults(
  root: string,
  specification: Specification,
  listTests: () => readonly SuiteTest[] | undefined,
): readonly Fault[] {
  const stale = dataOf(specification)
    .filter(([name, json]) => readFileSync(join(root, name), "utf8") !== json)
    .map(([file]) => ({ file, line: 0, message: "is out of date: run the collector" }));
  const { reviewables, ledger, profiles } = specification;
  const places = new Map([ledger, ...profiles.values()].flatMap((part) => [...part.places]));
  return [...stale, ...reviewFaults(reviewables, readReviewed(root), places, listTests)];
}

/** The confirmed reviews; empty if there is no file yet. */
export function readReviewed(root: string): Reviewed {
  const path = join(root, REVIEWED);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Reviewed) : {};
}

function dataOf({ ledger, profiles, examples, problems }: Specification): readonly [string, string][] {
  const sentences = [...profiles].map(([file, { requirements }]) => [
    file.replace(/\.md$/, ".json"),
    requirements,
  ]);
  return Object.entries({
    ...Object.fromEntries(sentences),
    "requirements.json": ledger.requirements,
    "examples.json": examples,
    "problems.json": problems,
  }).map(([name, data]) => [name, `${JSON.stringify(data, null, 2)}\n`]);
}

function readChapter(root: string, file: string): Chapter {
  return { file, markdown: readFileSync(join(root, file), "utf8") };
}

/** Other texts whose references are checked: Markdown, OpenAPI and vectors. */
function readOthers(root: string): readonly Chapter[] {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /^(?:[^/]+\.(?:md|yaml)|vectors\/.+\.json)$/.test(name) && !CHAPTERS.includes(name))
    .sort()
    .map((name) => readChapter(root, name));
}

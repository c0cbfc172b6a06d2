import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fault } from "./document.ts";
import { exampleFaults, readExamples } from "./examples.ts";
import { CHAPTERS, type Chapter, collect, type Ledger } from "./ledger.ts";
import { readProblems } from "./problems.ts";

const SPEC = dirname(dirname(fileURLToPath(import.meta.url)));

function chapter(file: string): Chapter {
  return { file, markdown: readFileSync(join(SPEC, file), "utf8") };
}

/** Texts beside the chapters whose references are checked: other Markdown, and the vectors. */
function others(): readonly Chapter[] {
  const names = readdirSync(SPEC, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /^(?:[^/]+\.md|vectors\/.+\.json)$/.test(name) && !CHAPTERS.includes(name))
    .sort()
    .map(chapter);
}

function summary({ requirements, words }: Ledger): string {
  const counts = new Map<string, number>();
  for (const { class: owner, subject, level } of requirements) {
    const row = `${owner} ${subject} ${level.split(" ")[0]}`;
    counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  const rows = [...counts].sort().map(([row, count]) => `  ${row}: ${count}`);
  const hidden = requirements.filter(({ observable }) => !observable).length;
  return [...rows, `${requirements.length} requirements, ${hidden} not observable, ${words} words`].join(
    "\n",
  );
}

/** Write a file of data, or say that it is not what the text says. */
function settle(name: string, data: unknown, check: boolean): readonly Fault[] {
  const path = join(SPEC, name);
  const json = `${JSON.stringify(data, null, 2)}\n`;
  if (!check) writeFileSync(path, json);
  if (readFileSync(path, "utf8") === json) return [];
  return [{ file: name, line: 0, message: "is not what the text says: run the collector without --check" }];
}

function report(faults: readonly Fault[]): number {
  for (const { file, line, message } of faults) console.error(`${file}:${line}: ${message}`);
  return faults.length === 0 ? 0 : 1;
}

function main(check: boolean): number {
  const chapters = CHAPTERS.map(chapter);
  const ledger = collect(chapters, others());
  const read = chapters.map(({ file, markdown }) => readExamples(file, markdown));
  const examples = read.flatMap((found) => found.examples);
  const registry = readProblems("core.md", chapter("core.md").markdown);
  const textFaults = [
    ...ledger.faults,
    ...read.flatMap(({ faults }) => faults),
    ...exampleFaults(examples),
    ...registry.faults,
  ];
  if (report(textFaults) > 0) return 1;
  const stale = [
    ...settle("requirements.json", ledger.requirements, check),
    ...settle("examples.json", examples, check),
    ...settle("problems.json", registry.problems, check),
  ];
  if (report(stale) > 0) return 1;
  console.log(`${summary(ledger)}\n${examples.length} examples, ${registry.problems.length} problems`);
  return 0;
}

process.exitCode = main(process.argv.includes("--check"));

// Extracts the requirements, examples and problems from the text, and writes them as JSON. Rejects an invalid text.
//   node --import tsx scripts/collect.ts           writes the JSON files
//   node --import tsx scripts/collect.ts --check   writes nothing, and rejects JSON files that are out of date
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fault } from "./document.ts";
import type { Ledger } from "./ledger.ts";
import { dataFaults, readSpecification, writeData } from "./specification.ts";
import { listSuite, type SuiteTest } from "./suite.ts";

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

function report(faults: readonly Fault[]): number {
  for (const { file, line, message } of faults) console.error(`${file}:${line}: ${message}`);
  return faults.length === 0 ? 0 : 1;
}

/** The tests, or `undefined` if the suite cannot list them, because somebody is working on it. */
function listTests(): readonly SuiteTest[] | undefined {
  try {
    return listSuite();
  } catch (error) {
    console.error(`the suite cannot list its tests: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function main(root: string, check: boolean): number {
  const specification = readSpecification(root);
  if (report(specification.faults) > 0) return 1;
  if (!check) writeData(root, specification);
  if (check && report(dataFaults(root, specification, listTests)) > 0) return 1;
  const { ledger, profiles, examples, problems } = specification;
  console.log(`${summary(ledger)}\n${examples.length} examples, ${problems.length} problems`);
  for (const [file, { requirements, words }] of profiles)
    console.log(`${file}: ${requirements.length} requirements, ${words} words`);
  return 0;
}

process.exitCode = main(dirname(dirname(fileURLToPath(import.meta.url))), process.argv.includes("--check"));

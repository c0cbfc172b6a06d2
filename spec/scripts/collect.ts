import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHAPTERS, type Chapter, collect, type Ledger } from "./ledger.ts";

const SPEC = dirname(dirname(fileURLToPath(import.meta.url)));
const OUTPUT = join(SPEC, "requirements.json");

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

function main(check: boolean): number {
  const ledger = collect(CHAPTERS.map(chapter), others());
  for (const { file, line, message } of ledger.faults) console.error(`${file}:${line}: ${message}`);
  if (ledger.faults.length > 0) return 1;
  const json = `${JSON.stringify(ledger.requirements, null, 2)}\n`;
  if (check && readFileSync(OUTPUT, "utf8") !== json) {
    console.error("requirements.json is not what the text says: run the collector without --check");
    return 1;
  }
  if (!check) writeFileSync(OUTPUT, json);
  console.log(summary(ledger));
  return 0;
}

process.exitCode = main(process.argv.includes("--check"));

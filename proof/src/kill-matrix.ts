// Runs the suite against every mutant and variant, or those that --only names, and writes the page of the docs:
//   npm run kill-matrix -w @tidemark/proof -- [--only 'sse-*,no-vary']
import { parseArgs } from "node:util";
import type { Job } from "./judge/job.ts";
import { describe, isGood, judgeAll } from "./judge/pass.ts";
import { readResults, uncovered, withJudgement, writeResults } from "./judge/results.ts";
import { ALL_MUTANTS } from "./mutants/all.ts";
import { ALL_VARIANTS, REFERENCE } from "./variants/all.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "*" } } });
const pattern = new RegExp(`^(${values.only.replaceAll("*", ".*").replaceAll(",", "|")})$`);
const jobs: readonly Job[] = [
  ...[REFERENCE, ...ALL_VARIANTS].map(({ id }): Job => ({ kind: "variant", id })),
  ...ALL_MUTANTS.map(({ id }): Job => ({ kind: "mutant", id })),
].filter(({ id }) => pattern.test(id));
if (jobs.length === 0) throw new RangeError(`no mutant or variant matches --only ${values.only}`);

let results = readResults();
const bad: string[] = [];
let done = 0;
await judgeAll(jobs, (job, judgement) => {
  done += 1;
  console.log(`${String(done).padStart(3)}/${jobs.length} ${describe(job, judgement)}`);
  if (!isGood(judgement)) bad.push(job.id);
  results = withJudgement(results, job, judgement);
  writeResults(results); // each time, so that a run that is interrupted keeps what it has found
});

const open = uncovered(results);
console.log(
  `${jobs.length - bad.length} of ${jobs.length} as expected${bad.length > 0 ? `; unexpected: ${bad.join(", ")}` : ""}`,
);
console.log(`requirements that have a test but no killed mutant: ${open.join(", ") || "none"}`);
process.exit(bad.length > 0 || open.length > 0 ? 1 : 0);

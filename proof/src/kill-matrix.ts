// Judges every mutant and variant, or those that --only names, and makes the page of the docs:
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
if (jobs.length === 0) throw new RangeError(`no mutant and no variant is called ${values.only}`);

let results = readResults();
const bad: string[] = [];
let done = 0;
await judgeAll(jobs, (job, judgement) => {
  done += 1;
  console.log(`${String(done).padStart(3)}/${jobs.length} ${describe(job, judgement)}`);
  if (!isGood(judgement)) bad.push(job.id);
  results = withJudgement(results, job, judgement);
});
writeResults(results);

const open = uncovered(results);
console.log(
  `${jobs.length - bad.length} of ${jobs.length} as they should be${bad.length > 0 ? `; not: ${bad.join(", ")}` : ""}`,
);
console.log(`requirements with a test that no mutant kills: ${open.join(", ") || "none"}`);
process.exit(bad.length > 0 || open.length > 0 ? 1 : 0);

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shown, untested } from "./judge/coverage.ts";
import type { Job } from "./judge/job.ts";
import type { Kill } from "./judge/kill.ts";
import { isKilled, renderMatrix } from "./judge/matrix.ts";
import { describe, isGood, judgeAll } from "./judge/pass.ts";
import { reportOnSubject } from "./judge/report.ts";
import { ALL_MUTANTS } from "./mutants/all.ts";
import { ALL_VARIANTS, PROVOKED, REFERENCE } from "./variants/all.ts";

const PAGE = fileURLToPath(new URL("../../docs/reference/kill-matrix.md", import.meta.url));

const { values } = parseArgs({ options: { only: { type: "string" } } });
const pattern = new RegExp(`^(${(values.only ?? "*").replaceAll("*", ".*").replaceAll(",", "|")})$`);
const mutants = ALL_MUTANTS.filter(({ id }) => pattern.test(id));
const variants = [REFERENCE, ...ALL_VARIANTS].filter(({ id }) => pattern.test(id));
const jobs: readonly Job[] = [
  ...variants.map(({ id }): Job => ({ kind: "variant", id })),
  ...mutants.map(({ id }): Job => ({ kind: "mutant", id })),
];

const kills = new Map<string, Kill>();
const bad: string[] = [];
let done = 0;
await judgeAll(jobs, (job, judgement) => {
  done += 1;
  console.log(`${String(done).padStart(3)}/${jobs.length} ${describe(job, judgement)}`);
  if (!isGood(judgement)) bad.push(job.id);
  if (judgement.kind === "mutant") kills.set(job.id, judgement.kill);
});

const report = await reportOnSubject(PROVOKED);
const killed = mutants.filter(({ id }) => isKilled(kills.get(id)));
const covered = new Set(killed.flatMap(({ breaks }) => breaks));
const uncovered = shown(report).filter((id) => !covered.has(id));
console.log(
  `${killed.length} of ${mutants.length} mutants killed; ${jobs.length - mutants.length} servers that conform`,
);
if (values.only === undefined) {
  console.log(`requirements with a test that no mutant kills: ${uncovered.join(", ") || "none"}`);
  console.log(`requirements without a test: ${untested(report).join(", ") || "none"}`);
  await mkdir(dirname(PAGE), { recursive: true });
  const ledger: readonly { readonly id: string; readonly anchor: string }[] = JSON.parse(
    await readFile(new URL("../../spec/requirements.json", import.meta.url), "utf8"),
  );
  const anchors = new Map(ledger.map(({ id, anchor }) => [id, anchor]));
  const accused = variants.map(({ id }) => id).filter((id) => bad.includes(id));
  await writeFile(PAGE, renderMatrix({ mutants, kills, uncovered, variants, accused, anchors }));
}
if (bad.length > 0) console.log(`wrong: ${bad.join(", ")}`);
process.exit(bad.length > 0 || (values.only === undefined && uncovered.length > 0) ? 1 : 0);

// Runs the suite for event streams against every broken and every unusual server, or those that --only names, and writes
// the page of the docs: npm run stream-matrix -w @tidemark/proof -- [--only 'ids-*,two-orders'] [--at-once 8]
// With --url-only, it does not publish, and writes nothing.
import { parseArgs } from "node:util";
import { STREAM_MUTANTS } from "../mutants/all.ts";
import { STREAM_ODDITIES } from "../oddities/all.ts";
import type { StreamSubject } from "../subject.ts";
import { faultsOf, judge } from "./judgement.ts";
import { readResults, withJudgement, writeResults } from "./results.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "*" },
    "at-once": { type: "string", default: "8" },
    "url-only": { type: "boolean", default: false },
  },
});
const pattern = new RegExp(`^(${values.only.replaceAll("*", ".*").replaceAll(",", "|")})$`);
const subjects: readonly StreamSubject[] = [...STREAM_ODDITIES, ...STREAM_MUTANTS].filter(({ id }) =>
  pattern.test(id),
);
if (subjects.length === 0) throw new RangeError(`no server matches --only ${values.only}`);

let results = readResults();
let done = 0;
const bad: string[] = [];
const waiting = [...subjects];

/** Judge one server after the other. */
async function work(): Promise<void> {
  for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
    const judgement = await judge(subject, values["url-only"]);
    const faults = faultsOf(subject, judgement);
    done += 1;
    const { url, publisher } = judgement;
    const mark = faults.length === 0 ? "ok " : "BAD";
    console.log(`${String(done).padStart(3)}/${subjects.length} ${mark} ${subject.id}: ${url?.verdict}`);
    if (faults.length > 0) {
      bad.push(subject.id);
      for (const line of [...faults, ...(url?.reasons ?? []), ...(publisher?.reasons ?? [])])
        console.log(`      ${line}`);
    }
    results = withJudgement(results, subject, judgement);
  }
}

await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
if (!values["url-only"]) writeResults(results);
console.log(
  `${subjects.length - bad.length} of ${subjects.length} as expected; unexpected: ${bad.join(", ") || "none"}`,
);
process.exitCode = bad.length === 0 ? 0 : 1;

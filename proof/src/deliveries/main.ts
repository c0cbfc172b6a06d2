// Runs the suite for deliveries against every broken and every unusual server, or those that --only names, and writes the
// page of the docs: npm run delivery-matrix -w @tidemark/proof -- [--only 'plain/*,tidemark/id-*'] [--at-once 4]
import { parseArgs } from "node:util";
import { allSubjects, judgeDelivery } from "./judge.ts";
import { keyOf, readResults, writeResults } from "./matrix.ts";

const { values } = parseArgs({
  options: { only: { type: "string", default: "*" }, "at-once": { type: "string", default: "4" } },
});
const pattern = new RegExp(`^(${values.only.replaceAll("*", ".*").replaceAll(",", "|")})$`);
const all = await allSubjects();
const waiting = all.filter((subject) => pattern.test(keyOf(subject)));
if (waiting.length === 0) throw new RangeError(`no server matches --only ${values.only}`);

const count = waiting.length;
let results = readResults();
let done = 0;
const bad: string[] = [];

/** Judge one server after the other. */
async function work(): Promise<void> {
  for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
    const { reasons, ...result } = await judgeDelivery(subject);
    done += 1;
    const isRight = result.faults.length === 0;
    console.log(
      `${String(done).padStart(3)}/${count} ${isRight ? "ok " : "BAD"} ${keyOf(subject)}: ${result.verdict}`,
    );
    if (!isRight) bad.push(keyOf(subject));
    for (const line of isRight ? [] : [...result.faults, ...reasons]) console.log(`      ${line}`);
    results = { ...results, [keyOf(subject)]: result };
  }
}

await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
writeResults(all, results);
console.log(`${count - bad.length} of ${count} as expected; unexpected: ${bad.join(", ") || "none"}`);
process.exit(bad.length === 0 ? 0 : 1);

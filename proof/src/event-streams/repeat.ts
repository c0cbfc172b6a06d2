// Runs the suite for event streams repeatedly while other threads keep every core busy, and prints which outcomes changed:
//   npm run repeat-streams -w @tidemark/proof -- [times, 20] [--busy n, one for each core] [--only 'skips-one,two-*']
//     [--publisher]
// It runs on the plain servers, or on the broken and unusual ones that --only names.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { RunReport } from "@tidemark/conformance";
import { reportOn } from "./judge/run.ts";
import { STREAM_MUTANTS } from "./mutants/all.ts";
import { STREAM_ODDITIES } from "./oddities/all.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    busy: { type: "string", default: String(availableParallelism()) },
    only: { type: "string", default: "plain-*" },
    publisher: { type: "boolean", default: false },
  },
});
const pattern = new RegExp(`^(${values.only.replaceAll("*", ".*").replaceAll(",", "|")})$`);
const subjects = [...STREAM_ODDITIES, ...STREAM_MUTANTS].filter(({ id }) => pattern.test(id));
if (subjects.length === 0) throw new RangeError(`no server matches --only ${values.only}`);
const [times = 20] = positionals.map(Number);
if (!Number.isInteger(times) || times < 2) throw new RangeError("the number of runs must be at least 2");

const busy = Array.from({ length: Number(values.busy) }, () => new Worker("for (;;);", { eval: true }));
const seen = new Map<string, Map<string, number>>();
for (let time = 1; time <= times; time += 1) {
  const reports = await Promise.all(
    subjects.map(async (subject) => {
      const report = await reportOn(subject, values.publisher ? "publisher" : "url");
      note(subject.id, report);
      return report;
    }),
  );
  const longest = Math.max(...reports.map(({ durationMs }) => durationMs));
  console.log(`${time}/${times} in ${(longest / 1_000).toFixed(1)} s, load ${loadavg()[0]?.toFixed(1)}`);
}
await Promise.all(busy.map((worker) => worker.terminate()));

const changed = [...seen].filter(([, standings]) => standings.size > 1);
for (const [id, standings] of changed)
  console.log(`${id}: ${[...standings].map(([standing, count]) => `${count} ${standing}`).join(", ")}`);
console.log(`${changed.length} of ${seen.size} outcomes changed in ${times} runs`);
process.exitCode = changed.length > 0 ? 1 : 0;

/** Count the standing of each sentence. */
function note(server: string, { summary, verdict }: RunReport): void {
  const rows = (summary?.requirements ?? []).map(
    ({ requirement, standing }) => [requirement, standing] as const,
  );
  for (const [id, standing] of [...rows, ["exit code", String(verdict.exitCode)] as const]) {
    const key = `${server} ${id}`;
    const standings = seen.get(key) ?? new Map<string, number>();
    standings.set(standing, (standings.get(standing) ?? 0) + 1);
    seen.set(key, standings);
  }
}

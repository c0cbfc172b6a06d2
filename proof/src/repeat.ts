// Runs the suite repeatedly on the reference server while other threads keep every core busy, and prints which outcomes
// changed: npm run repeat -w @tidemark/proof -- [times, 20] [--busy n, one for each core]
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { RunReport } from "@tidemark/conformance";
import { reportOn } from "./judge/report.ts";
import { startReference } from "./servers.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { busy: { type: "string", default: String(availableParallelism()) } },
});
const [times = 20] = positionals.map(Number);
if (!Number.isInteger(times) || times < 2)
  throw new RangeError("the number of runs must be an integer of at least 2");

const busy = Array.from({ length: Number(values.busy) }, () => new Worker("for (;;);", { eval: true }));
const server = await startReference();
const seen = new Map<string, Map<string, number>>();
for (let time = 1; time <= times; time += 1) {
  const report = await reportOn({ url: server.url });
  note(report);
  const sumMs = report.tests.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  console.log(
    `${time}/${times} ${report.verdict.line}, in ${seconds(report.durationMs)} (tests: ${seconds(sumMs)}), load ${loadavg()[0]?.toFixed(1)}`,
  );
}
await server.close();
await Promise.all(busy.map((worker) => worker.terminate()));

const changed = [...seen].filter(([, outcomes]) => outcomes.size > 1);
for (const [id, outcomes] of changed)
  console.log(`${id}: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`);
console.log(`${changed.length} of ${seen.size} outcomes changed in ${times} runs`);
process.exitCode = changed.length > 0 ? 1 : 0;

/** Count the outcome of each test and the standing of each requirement. */
function note({ tests, summary }: RunReport): void {
  const rows = [
    ...tests.map(({ id, outcome, reason }) => [id, [outcome, reason].filter(Boolean).join(" ")] as const),
    ...(summary?.requirements ?? []).map(({ requirement, standing }) => [requirement, standing] as const),
  ];
  for (const [id, outcome] of rows) {
    const outcomes = seen.get(id) ?? new Map<string, number>();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    seen.set(id, outcomes);
  }
}

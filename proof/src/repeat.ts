// Runs the suite again and again on the reference server while other processes keep every core busy, and says which
// outcomes changed: npm run repeat -w @tidemark/proof -- [times, 20] [--busy n, one for each core]
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
if (!Number.isInteger(times) || times < 2) throw new RangeError("how many times? a whole number from 2 on");

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
console.log(`${seen.size} outcomes, ${changed.length} of them changed in ${times} runs`);
process.exitCode = changed.length > 0 ? 1 : 0;

/** Count what became of each test, and where each requirement stands. */
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

import type { Measured, Shown } from "./measure.ts";
import { CLUSTERS, planOf } from "./plan.ts";
import type { Costs } from "./simulate.ts";

/** What each cost is, for who reads the table, and its unit. */
const TITLES: Readonly<Record<keyof Costs, readonly [string, string]>> = {
  wakeUs: ["a message on a worker, whoever reads it there: wake-up, read, encoding", "µs"],
  deliveryUs: ["a write to one reader", "µs"],
  connectUs: ["a stream that opens", "µs"],
  kibPerStream: ["memory of an open stream, without the kernel's", "KiB"],
  appendUs: ["Redis: an append", "µs"],
  readUs: ["Redis: a wake-up of one worker, and its read", "µs"],
};

/** All figures as Markdown: what was measured, how near the model comes, and what it says. */
export function figuresOf({ head, costs, validation }: Measured, seed: number): string {
  const keys = Object.keys(TITLES) as (keyof Costs)[];
  const costRows = keys.map((key) => `| ${TITLES[key][0]} | ${costs[key].toFixed(1)} ${TITLES[key][1]} |`);
  const seenRows = validation.map(({ what, seen, simulated }) => `| ${what} | ${cellsOf(seen, simulated)} |`);
  return `### What things cost

${head}.

| | |
|---|---:|
${costRows.join("\n")}

### How near the model comes

| one worker | busy, seen | simulated | p50 ms, seen | simulated | p99 ms, seen | simulated |
|---|---:|---:|---:|---:|---:|---:|
${seenRows.join("\n")}

${CLUSTERS.map((cluster) => planOf(cluster, costs, seed)).join("\n\n")}`;
}

function cellsOf(seen: Shown, simulated: Shown): string {
  const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;
  const ms = (value: number): string => value.toFixed(0);
  const cells = [percent(seen.busy), percent(simulated.busy)];
  for (const key of ["p50Ms", "p99Ms"] as const) cells.push(ms(seen[key]), ms(simulated[key]));
  return cells.join(" | ");
}

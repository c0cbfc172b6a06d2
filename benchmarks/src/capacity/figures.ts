import type { Measured, Shown } from "./measure.ts";
import { CLUSTERS, planOf } from "./plan.ts";
import type { Costs } from "./simulate.ts";

/** The title and unit of each cost, as the table shows them. */
const TITLES: Readonly<Record<keyof Costs, readonly [string, string]>> = {
  wakeUs: ["a message on a worker, for any number of readers: wake-up, read, encoding", "µs"],
  deliveryUs: ["a write to one reader", "µs"],
  connectUs: ["opening a stream", "µs"],
  kibPerStream: ["memory of an open stream, without the kernel's share", "KiB"],
  appendUs: ["Redis: an append", "µs"],
  readUs: ["Redis: waking one worker, and its read", "µs"],
};

/** All figures as Markdown: the measured costs, the accuracy of the model, and its predictions. */
export function figuresOf({ head, costs, validation }: Measured, seed: number): string {
  const keys = Object.keys(TITLES) as (keyof Costs)[];
  const costRows = keys.map((key) => `| ${TITLES[key][0]} | ${costs[key].toFixed(1)} ${TITLES[key][1]} |`);
  const seenRows = validation.map(({ what, seen, simulated }) => `| ${what} | ${cellsOf(seen, simulated)} |`);
  return `### Measured costs

${head}.

| | |
|---|---:|
${costRows.join("\n")}

### Model and measurement

| one worker | busy, measured | simulated | p50 ms, measured | simulated | p99 ms, measured | simulated |
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

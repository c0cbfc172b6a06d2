// What a million readers take: costs that are measured on one node, a model of many, and how near it comes to the truth.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../report/machine.ts";
import { type Measured, measure } from "./measure.ts";
import { CLUSTERS, planOf } from "./plan.ts";

const COSTS = fileURLToPath(new URL("costs.json", import.meta.url));

const HELP = `Says what a million readers take in nodes, memory, network and reads of the log, and what breaks first.

Usage: npm run bench:capacity -- [--measure] [--seed <n>]

  --measure   measure the costs anew (a real node on a real Redis, 1 000 to 10 000 readers), show how near the
              model comes to what was not used to make it, and keep both in src/capacity/costs.json
  --seed <n>  another course of the simulated events (1)`;

const { values } = parseArgs({
  options: {
    measure: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(HELP);
else {
  if (values.measure) {
    const day = new Date().toISOString().slice(0, 10);
    const measured = await measure(`${day}, ${machine()}`, console.error);
    writeFileSync(COSTS, `${JSON.stringify(measured, null, 2)}\n`);
  }
  const { head, costs, validation } = JSON.parse(readFileSync(COSTS, "utf8")) as Measured;
  console.log(`Costs: ${head}\n`);
  console.log(
    Object.entries(costs)
      .map(([name, value]) => `* ${name}: ${value.toFixed(2)}`)
      .join("\n"),
  );
  console.log(
    "\n| one worker, not used for the costs | CPU measured | simulated | p50 ms | simulated | p99 ms | simulated |",
  );
  console.log("|---|---:|---:|---:|---:|---:|---:|");
  for (const { what, seen, simulated } of validation) {
    const cells = (["busy", "p50Ms", "p99Ms"] as const).flatMap((key) => [seen[key], simulated[key]]);
    console.log(`| ${what} | ${cells.map((value) => value.toFixed(value < 1 ? 3 : 1)).join(" | ")} |`);
  }
  for (const cluster of CLUSTERS) console.log(`\n${planOf(cluster, costs, Number(values.seed))}`);
}

// Estimates the resources for a million readers: costs measured on one node, a model of many nodes, and its accuracy.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pin } from "../bench.ts";
import { machine } from "../report/machine.ts";
import { figuresOf } from "./figures.ts";
import { type Measured, measure } from "./measure.ts";

const COSTS = fileURLToPath(new URL("costs.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../../../docs/guide/capacity.md", import.meta.url));

const HELP = `Estimates the nodes, memory, network and log reads that a million readers need, and what breaks first.

Usage: npm run bench:capacity -- [--measure] [--write] [--seed <n>]

  --measure   measure the costs again (a real node on a real Redis, 1 000 to 10 000 readers: five minutes on a quiet
              machine), compare the model with further measurements, and write both to src/capacity/costs.json
  --write     write the figures to docs/guide/capacity.md
  --seed <n>  the seed of the simulation (1)`;

/** Replace the figures between the page's marks. */
function withFigures(page: string, figures: string): string {
  const marks = /(<!-- figures -->\n)[\s\S]*(\n<!-- end of figures -->)/;
  if (!marks.test(page)) throw new Error(`${PAGE} has no marks for the figures`);
  return page.replace(marks, (_, begin: string, end: string) => `${begin}\n${figures}\n${end}`);
}

const { values } = parseArgs({
  options: {
    measure: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(HELP);
else {
  if (values.measure) {
    pin(process.pid, 1);
    const day = new Date().toISOString().slice(0, 10);
    const measured = await measure(`${day}, ${machine()}`, console.error);
    writeFileSync(COSTS, `${JSON.stringify(measured, null, 2)}\n`);
  }
  const figures = figuresOf(JSON.parse(readFileSync(COSTS, "utf8")) as Measured, Number(values.seed));
  console.log(figures);
  if (values.write) writeFileSync(PAGE, withFigures(readFileSync(PAGE, "utf8"), figures));
}

// What a million readers take: costs that are measured on one node, a model of many, and how near it comes to the truth.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pin } from "../bench.ts";
import { machine } from "../report/machine.ts";
import { figuresOf } from "./figures.ts";
import { type Measured, measure } from "./measure.ts";

const COSTS = fileURLToPath(new URL("costs.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../../../docs/guide/capacity.md", import.meta.url));

const HELP = `Says what a million readers take in nodes, memory, network and reads of the log, and what breaks first.

Usage: npm run bench:capacity -- [--measure] [--write] [--seed <n>]

  --measure   measure the costs anew (a real node on a real Redis, 1 000 to 10 000 readers: five minutes on a quiet
              machine), show how near the model comes to what was not used to make it, and keep both in
              src/capacity/costs.json
  --write     put the figures into docs/guide/capacity.md
  --seed <n>  another course of the simulated events (1)`;

/** The page with these figures between its marks. */
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

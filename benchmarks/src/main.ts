import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { pin } from "./bench.ts";
import { tableOf } from "./report/table.ts";
import { runRounds } from "./rounds.ts";
import { SCENARIOS } from "./scenarios/all.ts";
import { TARGETS } from "./targets/all.ts";
import type { Target } from "./targets/target.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    rounds: { type: "string" },
    targets: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
pin(process.pid, 1);
const rounds = Number(values.rounds ?? (values.short ? 3 : 5));
for (const scenario of SCENARIOS) {
  if (
    positionals.length > 0 &&
    !positionals.some((id) => scenario.id === id || scenario.id.startsWith(`${id}-`))
  )
    continue;
  const names = scenario.targets.filter(
    (name) => values.targets === undefined || values.targets.split(",").includes(name),
  );
  const targets = names
    .map((name) => TARGETS.get(name))
    .filter((target): target is Target => target !== undefined);
  console.error(scenario.title);
  const samples = await runRounds(scenario, targets, rounds, values.short ? 0.3 : 1, console.error);
  console.log(tableOf(scenario, targets, samples));
}
console.log(cpus().length);
process.exit();

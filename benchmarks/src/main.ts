import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pin } from "./bench.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { goalsOf } from "./report/goals.ts";
import { machine } from "./report/machine.ts";
import { type Drawn, plotOf } from "./report/plot.ts";
import { tableOf } from "./report/table.ts";
import { runRounds, type Samples } from "./rounds.ts";
import { TARGETS } from "./targets/all.ts";

const RESULTS = fileURLToPath(new URL("../results", import.meta.url));

async function run({ scenarios, targets: wanted, rounds, scale, file }: Options): Promise<void> {
  pin(process.pid, 1);
  const date = new Date().toISOString().slice(0, 10);
  const head = `${date}, ${machine()}; ${rounds} rounds${scale < 1 ? `, ${scale} of the load` : ""}`;
  const drawn: Drawn[] = [];
  const tables: string[] = [];
  for (const scenario of scenarios) {
    const names = scenario.targets.filter((name) => wanted?.includes(name) ?? true);
    const targets = names.flatMap((name) => TARGETS.get(name) ?? []);
    console.error(scenario.title);
    const samples = await runRounds(scenario, targets, rounds, scale, console.error);
    drawn.push({ scenario, targets, samples });
    const table = tableOf(scenario, targets, samples);
    tables.push(table);
    console.log(table);
    // Write after each scenario, so that an interrupted run leaves its results.
    if (file !== undefined) writeResults(file, head, tables, drawn);
  }
  console.log(goalsOf(resultsOf(drawn)));
  if (file !== undefined) console.error(`written: ${RESULTS}/${file}.md, .svg and .json`);
  for (const name of targetsWithoutFigures(drawn)) {
    console.error(`no figures at all: ${name}`);
    process.exitCode = 1;
  }
}

/** A target may fail in a round, because it cannot keep up; one that fails in every round of a scenario is broken. */
function targetsWithoutFigures(drawn: readonly Drawn[]): readonly string[] {
  return drawn.flatMap(({ scenario, samples }) =>
    [...samples].flatMap(([target, own]) =>
      own.every((sample) => Object.keys(sample).length === 0) ? [`${scenario.id}, ${target}`] : [],
    ),
  );
}

function resultsOf(drawn: readonly Drawn[]): ReadonlyMap<string, Samples> {
  return new Map(drawn.map(({ scenario, samples }) => [scenario.id, samples]));
}

function writeResults(file: string, head: string, tables: readonly string[], drawn: readonly Drawn[]): void {
  const results = resultsOf(drawn);
  const body = [goalsOf(results), ...tables].join("\n");
  mkdirSync(RESULTS, { recursive: true });
  const how = `Medians of all rounds; in brackets, the lowest and the highest ratio to the floor of a round.`;
  const plot = `![Each target against the floor](./${file}.svg)`;
  writeFileSync(`${RESULTS}/${file}.md`, `# ${file}\n\n${head}.\n\n${how}\n\n${plot}\n\n${body}`);
  writeFileSync(`${RESULTS}/${file}.svg`, plotOf(drawn, head));
  const samples = Object.fromEntries([...results].map(([id, own]) => [id, Object.fromEntries(own)]));
  writeFileSync(`${RESULTS}/${file}.json`, `${JSON.stringify({ head, samples }, null, 1)}\n`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(HELP);
  else await run(options);
  process.exit();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(2);
}

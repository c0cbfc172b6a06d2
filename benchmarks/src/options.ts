import { parseArgs } from "node:util";
import { SCENARIOS } from "./scenarios/all.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { TARGETS } from "./targets/all.ts";

/** What a run of the benchmark is asked for. */
export interface Options {
  readonly scenarios: readonly Scenario[];
  /** Names of targets; all that a scenario has if undefined. */
  readonly targets: readonly string[] | undefined;
  readonly rounds: number;
  /** How much of each load, 1 being all. */
  readonly scale: number;
  /** Write the result to files of this name; not at all if undefined. */
  readonly file: string | undefined;
}

const SHORT_SCALE = 0.25;

export const HELP = `Measures the reference server beside its floors and its peers, as ratios within one run.

Usage: npm run bench -- [option…] [scenario…]

  --load <part>      how much of each load, for a run that has to be over sooner (1)
  --short            a quarter of the load and three rounds: a look for every day
  --rounds <n>       rounds (5; 3 with --short); each asks all targets in turn, each in a fresh process
  --targets <names>  only these, with commas between: ${[...TARGETS.keys()].join(", ")}
  --profile <folder> write a CPU profile of each target that runs on Node
  --write            write results/<date>.md, .json and .svg; without it the table is only printed
  --as <name>        the name of those files instead of the date
  --help             this text

Scenarios, also by the beginning of their names: ${SCENARIOS.map(({ id }) => id).join(", ")}.

Linux; CPU time is read from the kernel. The peers from npm are installed into this folder at the first run, nginx
with Nchan by apt. All traffic stays on this machine. An honest figure needs a quiet machine with two cores or more.`;

/** @throws TypeError that says what is wrong; undefined if help is asked for */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: "boolean", default: false },
      rounds: { type: "string" },
      load: { type: "string" },
      targets: { type: "string" },
      profile: { type: "string" },
      write: { type: "boolean", default: false },
      as: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const rounds = Number(values.rounds ?? (values.short ? 3 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError("--rounds has to be a whole number from 1");
  const targets = values.targets?.split(",");
  const unknown = targets?.find((name) => !TARGETS.has(name));
  if (unknown !== undefined) throw new TypeError(`There is no target ${unknown}`);
  if (values.profile !== undefined) process.env.BENCH_PROFILE = values.profile;
  const scale = Number(values.load ?? (values.short ? SHORT_SCALE : 1));
  if (!(scale > 0 && scale <= 1)) throw new TypeError("--load has to be above 0, and 1 at most");
  const file = values.as ?? (values.write ? new Date().toISOString().slice(0, 10) : undefined);
  return { scenarios: scenariosOf(positionals), targets, rounds, scale, file };
}

function scenariosOf(names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return SCENARIOS;
  const isMeant = (name: string, id: string): boolean => id === name || id.startsWith(`${name}-`);
  const unknown = names.find((name) => !SCENARIOS.some(({ id }) => isMeant(name, id)));
  if (unknown !== undefined) throw new TypeError(`There is no scenario ${unknown}`);
  return SCENARIOS.filter(({ id }) => names.some((name) => isMeant(name, id)));
}

import { parseArgs } from "node:util";
import { SCENARIOS } from "./scenarios/all.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { TARGETS } from "./targets/all.ts";

/** The options of a run. */
export interface Options {
  readonly scenarios: readonly Scenario[];
  /** Names of targets; if undefined, all targets of each scenario. */
  readonly targets: readonly string[] | undefined;
  readonly rounds: number;
  /** The fraction of each load, up to 1. */
  readonly scale: number;
  /** The name of the result files; if undefined, none are written. */
  readonly file: string | undefined;
}

const SHORT_SCALE = 0.25;

export const HELP = `Compares the reference server with its floors and its peers, as ratios within one run.

Usage: npm run bench -- [option…] [scenario…]

  --load <part>      the fraction of each load, for a shorter run (1)
  --short            a quarter of the load and three rounds: a quick check
  --rounds <n>       rounds (5; 3 with --short); each measures all targets in turn, each in a fresh process
  --targets <names>  only these, separated by commas: ${[...TARGETS.keys()].join(", ")}
  --profile <folder> write a CPU profile of each target that runs on Node
  --write            write results/<date>.md, .json and .svg; by default, the table is only printed
  --as <name>        the name of those files instead of the date
  --help             this text

Scenarios (the beginning of a name is enough): ${SCENARIOS.map(({ id }) => id).join(", ")}.

Needs Linux, because CPU time is read from the kernel. The first run installs the peers from npm into this folder, and
nginx with Nchan by apt. All traffic stays on this machine. Reliable figures need a quiet machine with at least two cores.
Exit codes: 0, measured; 1, a target failed in every round of a scenario; 2, wrong options.`;

/**
 * Undefined for `--help`.
 * @throws TypeError that says what is wrong
 */
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
    throw new TypeError("--rounds has to be a whole number of at least 1");
  const targets = values.targets?.split(",");
  const unknown = targets?.find((name) => !TARGETS.has(name));
  if (unknown !== undefined) throw new TypeError(`Unknown target: ${unknown}`);
  if (values.profile !== undefined) process.env.BENCH_PROFILE = values.profile;
  const scale = Number(values.load ?? (values.short ? SHORT_SCALE : 1));
  if (!(scale > 0 && scale <= 1)) throw new TypeError("--load has to be above 0 and at most 1");
  const file = values.as ?? (values.write ? new Date().toISOString().slice(0, 10) : undefined);
  return { scenarios: scenariosOf(positionals), targets, rounds, scale, file };
}

function scenariosOf(names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return SCENARIOS;
  const isMeant = (name: string, id: string): boolean => id === name || id.startsWith(`${name}-`);
  const unknown = names.find((name) => !SCENARIOS.some(({ id }) => isMeant(name, id)));
  if (unknown !== undefined) throw new TypeError(`Unknown scenario: ${unknown}`);
  return SCENARIOS.filter(({ id }) => names.some((name) => isMeant(name, id)));
}

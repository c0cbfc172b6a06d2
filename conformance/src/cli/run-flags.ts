import type { Command } from "commander";
import { loadBaseline } from "../engine/baseline/load-baseline.ts";
import { asArgument, collect, defined, duration, integerFrom } from "../engine/config/values.ts";
import type { RunOptions } from "../engine/run/options.ts";
import { parseReporters, REPORTER_NAMES, type ReporterRequest } from "./reporters.ts";

/** The flags of a run that all suites have. */
export interface RunFlags {
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  readonly requirement?: readonly string[];
  readonly strict?: boolean;
  readonly requireComplete?: boolean;
  readonly jobs?: number;
  readonly seed?: number;
  readonly budget?: number;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly transcripts?: boolean;
  readonly reporter?: readonly ReporterRequest[];
}

/** Add the options of a run to a command. @param jobs how many tests run at once by default */
export function addRunOptions(command: Command, jobs: number): Command {
  return command
    .option("--run <glob>", "run only tests whose id matches (repeatable)", collect)
    .option("--skip <glob>", "skip tests whose id matches (repeatable)", collect)
    .option("--requirement <glob>", "run only tests of matching requirements (repeatable)", collect)
    .option("--strict", "count an unmet SHOULD as a violation")
    .option("--require-complete", "exit 4 unless every MUST was verified")
    .option("--baseline <file>", "a file of known failures, which do not count")
    .option("--update-baseline", "write this run's failures to the baseline")
    .option("--jobs <n>", `how many tests run at once (default: ${jobs})`, integerFrom(1))
    .option(
      "--seed <n>",
      "repeat the random choices of an earlier run (default: random, and reported)",
      integerFrom(0),
    )
    .option("--budget <time>", "stop after this time: 90s, 500ms or 2m (default: no limit)", duration)
    .option("--transcripts", "keep the transcripts of passed tests too")
    .option(
      "--reporter <list>",
      `${REPORTER_NAMES.join(", ")}, each with =file (default: pretty)`,
      (text: string) => asArgument(() => parseReporters(text)),
    );
}

/** The options of a run that the flags set. @throws {ConfigError} when the baseline is invalid */
export function runOptionsOf(flags: RunFlags): RunOptions {
  const { baseline, updateBaseline = false } = flags;
  return defined<RunOptions>({
    run: flags.run,
    skip: flags.skip,
    requirements: flags.requirement,
    strict: flags.strict,
    requireComplete: flags.requireComplete,
    jobs: flags.jobs,
    seed: flags.seed,
    budgetMs: flags.budget,
    baseline: baseline === undefined ? undefined : loadBaseline(baseline, { optional: updateBaseline }),
  });
}

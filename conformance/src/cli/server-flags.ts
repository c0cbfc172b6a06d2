import { type Command, InvalidArgumentError, Option } from "commander";
import { loadBaseline } from "../engine/baseline/load-baseline.ts";
import { httpControl } from "../engine/drive/http-control.ts";
import type { ServerOptions } from "../engine/run/options.ts";
import { type ExtraHeader, parseExtraHeader } from "../engine/wire/secrets.ts";
import { defined } from "../suites/tidemark/server/config/to-options.ts";
import type { Grade } from "../suites/tidemark/server/target.ts";
import { parseReporters, REPORTER_NAMES, type ReporterRequest } from "./reporters.ts";
import { collect, duration, integerFrom } from "./values.ts";

/** The flags of `server`. */
export interface ServerFlags {
  readonly config?: string;
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  readonly requirement?: readonly string[];
  readonly header?: readonly ExtraHeader[];
  readonly strict?: boolean;
  readonly requireComplete?: boolean;
  readonly jobs?: number;
  readonly seed?: number;
  readonly budget?: number;
  readonly grade?: Grade;
  readonly control?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly insecure?: boolean;
  readonly transcripts?: boolean;
  readonly reporter?: readonly ReporterRequest[];
}

/** Add the options of `server` to a command. */
export function addServerOptions(command: Command): Command {
  return addTargetOptions(command)
    .option("--run <glob>", "run only tests whose id matches (repeatable)", collect)
    .option("--skip <glob>", "skip tests whose id matches (repeatable)", collect)
    .option("--requirement <glob>", "run only tests of matching requirements (repeatable)", collect)
    .option("--strict", "count an unmet SHOULD as a violation")
    .option("--require-complete", "exit 4 unless every MUST was verified")
    .option("--baseline <file>", "a file of known failures, which do not count")
    .option("--update-baseline", "write this run's failures to the baseline")
    .option("--jobs <n>", "how many tests run at once (default: 24)", integerFrom(1))
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
      reporters,
    );
}

/** Add the options that say how to reach the target. */
export function addTargetOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "a configuration in YAML or JSON; flags take precedence")
    .option(
      "--header <line>",
      "send with every request: 'Authorization: env:TOKEN' (repeatable)",
      collectHeader,
    )
    .addOption(
      new Option(
        "--grade <grade>",
        "the most that the suite may do to the target (default: all that it offers)",
      ).choices(["observe", "publish", "provoke"]),
    )
    .option("--control <url>", "the target's control interface, to provoke faults", parseUrl)
    .option("--insecure", "accept any certificate");
}

/** The options of a run that the flags set. @throws {ConfigError} when the baseline is invalid */
export function optionsOf(flags: ServerFlags): Partial<ServerOptions> {
  const { baseline, updateBaseline = false } = flags;
  return defined<Partial<ServerOptions>>({
    headers: flags.header,
    run: flags.run,
    skip: flags.skip,
    requirements: flags.requirement,
    strict: flags.strict,
    requireComplete: flags.requireComplete,
    jobs: flags.jobs,
    seed: flags.seed,
    budgetMs: flags.budget,
    grade: flags.grade,
    control: flags.control === undefined ? undefined : httpControl(flags.control),
    baseline: baseline === undefined ? undefined : loadBaseline(baseline, { optional: updateBaseline }),
    insecure: flags.insecure,
  });
}

/** Check that a text is an absolute http or https URL, and return it unchanged. */
export function parseUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  if (protocol !== "http:" && protocol !== "https:")
    throw new InvalidArgumentError(
      "not an http or https URL, as in http://127.0.0.1:3000/channels/{channel}",
    );
  return text;
}

function collectHeader(line: string, before: readonly ExtraHeader[] | undefined): readonly ExtraHeader[] {
  return [...(before ?? []), asArgument(() => parseExtraHeader(line, process.env))];
}

function reporters(text: string): readonly ReporterRequest[] {
  return asArgument(() => parseReporters(text));
}

/** Turn an error of a parser into an error of the command line. */
function asArgument<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

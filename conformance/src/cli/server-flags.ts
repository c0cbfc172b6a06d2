import { type Command, InvalidArgumentError, Option } from "commander";
import { loadBaseline } from "../baseline/load-baseline.ts";
import { defined } from "../config/to-options.ts";
import { httpControl } from "../control/http-control.ts";
import type { ServerOptions } from "../run/options.ts";
import type { Grade } from "../run/target.ts";
import { type ExtraHeader, parseExtraHeader } from "../wire/secrets.ts";
import { parseReporters, REPORTER_NAMES, type ReporterRequest } from "./reporters.ts";
import { collect, duration, integerFrom } from "./values.ts";

/** What stands on the command line of `server`, beside the URL. */
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
    .option("--run <glob>", "only tests with such an id (repeatable)", collect)
    .option("--skip <glob>", "no tests with such an id (repeatable)", collect)
    .option("--requirement <glob>", "only tests that show such a requirement (repeatable)", collect)
    .option("--strict", "a SHOULD that is not met is a violation")
    .option("--require-complete", "exit 4 unless every MUST was verified")
    .option("--baseline <file>", "known failures, which do not count")
    .option("--update-baseline", "write the failures of this run to the baseline")
    .option("--jobs <n>", "tests under way at once (default: 24)", integerFrom(1))
    .option("--seed <n>", "what is random, again (default: drawn, and reported)", integerFrom(0))
    .option("--budget <time>", "stop after 90s, 500ms or 2m (default: at the end)", duration)
    .option("--transcripts", "keep what was sent and received of tests that passed too")
    .option(
      "--reporter <list>",
      `${REPORTER_NAMES.join(", ")}, each with =file (default: pretty)`,
      reporters,
    );
}

/** Add the options that say how the target is spoken to. */
export function addTargetOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "a configuration in YAML or JSON; options win over it")
    .option("--header <line>", "add to every request: 'Authorization: env:TOKEN' (repeatable)", collectHeader)
    .addOption(
      new Option(
        "--grade <grade>",
        "the most that is done to the target (default: all that it offers)",
      ).choices(["observe", "publish", "provoke"]),
    )
    .option("--control <url>", "where the target's control interface is, to provoke faults", parseUrl)
    .option("--insecure", "accept any certificate");
}

/** What the flags ask of a run. @throws {ConfigError} when the baseline is not good */
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

/** An absolute http or https URL, as it was written. */
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

/** What a parser refuses is an error of the command line. */
function asArgument<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

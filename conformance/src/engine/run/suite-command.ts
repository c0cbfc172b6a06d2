import type { Command } from "commander";
import type { RunReport } from "../model/event.ts";
import type { RunContext } from "./context.ts";
import type { Finding } from "./finding.ts";
import type { RunOptions } from "./options.ts";
import type { Suite } from "./suite.ts";

/** The values of a command's options by name, as commander gives them. */
export type Flags = Readonly<Record<string, unknown>>;

/** What a command line asks for, as the suite reads it. The options that all suites have are added by the command. */
export interface Plan<Options extends RunOptions> {
  readonly options: Options;
  /** The arguments that name the same target again, for `replay` and `doctor`; without secrets. */
  readonly words: readonly string[];
  /** From a configuration file; flags take precedence. */
  readonly reporter?: string | undefined;
  readonly transcripts?: boolean | undefined;
  readonly baselineFile?: string | undefined;
  /** Called after the reports are written. */
  finished?(report: RunReport): void;
}

/** A suite on the command line: `tidemark-conformance <name> …`. */
export interface SuiteCommand<
  Options extends RunOptions = RunOptions,
  Context extends RunContext = RunContext,
  Need extends string = string,
> {
  readonly suite: Suite<Options, Context, Need>;
  readonly description: string;
  /** Add the arguments and options that name the target, to the suite's command and to `doctor`. */
  declareTarget(command: Command): void;
  /** @throws {ConfigError} for a mistake on the command line or in a file that it names */
  plan(args: readonly string[], flags: Flags): Promise<Plan<Options>>;
  /** Find problems of a target before a run. */
  examine?(options: Options): AsyncIterable<Finding>;
  /** A commented configuration for a target, for `init`. */
  example?(url?: string): string;
  /** The words that run the suite with that file. @defaultValue `-c <file>` */
  exampleWords?(file: string, url?: string): string;
  /** Other suites for the same kind of target, by the value of `--suite`. They take the same arguments. */
  readonly variants?: Readonly<Record<string, SuiteCommand<Options, Context, Need>>>;
}

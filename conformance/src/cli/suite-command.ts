import { Command, Option } from "commander";
import { updateBaseline } from "../engine/baseline/update-baseline.ts";
import { ConfigError } from "../engine/config/source-file.ts";
import type { RunReport } from "../engine/model/event.ts";
import { type Reporter, streamSink } from "../engine/report/reporter.ts";
import type { RunOptions } from "../engine/run/options.ts";
import { runSuite } from "../engine/run/run-suite.ts";
import { assertNamesTests } from "../engine/run/selection.ts";
import type { Plan, SuiteCommand } from "../engine/run/suite-command.ts";
import { quote } from "../engine/wire/shell.ts";
import { asUsage, onInterrupt } from "./process.ts";
import { createReporters, parseReporters, type ReporterRequest } from "./reporters.ts";
import { addRunOptions, type RunFlags, runOptionsOf } from "./run-flags.ts";

/** `<suite> …`: run a suite; the exit code is the verdict's. */
export function suiteCommand(named: SuiteCommand): Command {
  const command = new Command(named.suite.name).description(named.description);
  named.declareTarget(command);
  const { variants = {} } = named;
  const names = Object.keys(variants);
  if (names.length > 0)
    command.addOption(new Option("--suite <name>", "run another suite for such targets").choices(names));
  return addRunOptions(command, named.suite.jobs).action(() => {
    const { suite = "" } = command.opts<{ readonly suite?: string }>();
    return runCommand(variants[suite] ?? named, command);
  });
}

/** A run, as the command line and the configuration define it. */
interface RunPlan {
  readonly plan: Plan<RunOptions>;
  readonly options: RunOptions;
  readonly invocation: readonly string[];
  readonly reporters: readonly ReporterRequest[];
  readonly transcripts: boolean;
  /** The baseline file to write. */
  readonly baselineFile: string | undefined;
}

async function runCommand(named: SuiteCommand, command: Command): Promise<void> {
  const { run, reporters } = await asUsage(command, async () => {
    const run = await planOf(named, command.args, command.opts());
    return { run, reporters: reportersOf(named, run) };
  });
  const report = await execute(named, run.options, reporters);
  const { baselineFile } = run;
  process.exitCode = report.verdict.exitCode;
  run.plan.finished?.(report);
  if (baselineFile === undefined || !report.summary) return;
  const { added, removed, open } = updateBaseline(baselineFile, report);
  process.stderr.write(`${baselineFile}: ${added} added, ${removed} removed\n`);
  if (open === 0) process.exitCode = 0;
}

/** Merge what the suite reads from the command line with the options of a run. @throws {ConfigError} */
async function planOf(named: SuiteCommand, args: readonly string[], flags: RunFlags): Promise<RunPlan> {
  const { suite } = named;
  const plan = await named.plan(args, { ...flags });
  const merged = { seed: Math.floor(Math.random() * 2 ** 32), ...plan.options, ...runOptionsOf(flags) };
  assertNamesTests(suite.tests, merged);
  const { baseline, updateBaseline: isUpdate = false } = flags;
  if (isUpdate && baseline === undefined && plan.baselineFile === undefined)
    throw new ConfigError("--update-baseline needs a file: --baseline <file>");
  const strict = flags.strict ? ["--strict"] : [];
  const invocation = [suite.name, ...plan.words, ...strict, "--seed", String(merged.seed)];
  return {
    plan,
    options: { ...merged, invocation },
    invocation,
    reporters: flags.reporter ?? parseReporters(plan.reporter ?? "pretty"),
    transcripts: flags.transcripts ?? plan.transcripts ?? false,
    baselineFile: isUpdate ? (baseline ?? plan.baselineFile) : undefined,
  };
}

/** @throws {ConfigError} for a file that cannot be written */
function reportersOf(named: SuiteCommand, run: RunPlan): readonly Reporter[] {
  const { suite, examine } = named;
  return createReporters(run.reporters, {
    ledger: suite.ledger,
    words: suite.words,
    stdout: streamSink(process.stdout),
    color: process.env.NO_COLOR === undefined,
    transcripts: run.transcripts,
    replay: (test) => replayCommand(run.invocation, test),
    ...(examine ? { doctor: doctorCommandOf(named, run.plan.words) } : {}),
  });
}

/** The command that repeats one test. */
export function replayCommand(invocation: readonly string[], test: string): string {
  return ["npx", "@tidemark/conformance", ...invocation, "--run", test].map(quote).join(" ");
}

/** The command that checks the same target with the doctor. */
function doctorCommandOf({ suite }: SuiteCommand, words: readonly string[]): string {
  const doctor = suite.name === "server" ? ["doctor"] : ["doctor", suite.name];
  return ["npx", "@tidemark/conformance", ...doctor, ...words].map(quote).join(" ");
}

async function execute(
  { suite }: SuiteCommand,
  options: RunOptions,
  reporters: readonly Reporter[],
): Promise<RunReport> {
  const { signal, off } = onInterrupt();
  try {
    for await (const event of runSuite(suite, { ...options, signal })) {
      for (const reporter of reporters) reporter.on(event);
      if (event.type === "run-finished") return event.report;
    }
  } finally {
    off();
  }
  throw new Error("the run ended without a report");
}

import { Command } from "commander";
import { updateBaseline } from "../engine/baseline/update-baseline.ts";
import { ConfigError } from "../engine/config/source-file.ts";
import type { RunReport } from "../engine/model/event.ts";
import { loadLedger } from "../engine/model/ledger.ts";
import type { Reporter } from "../engine/report/reporter.ts";
import { streamSink } from "../engine/report/sink.ts";
import type { ServerOptions } from "../engine/run/options.ts";
import { runServer } from "../engine/run/run-server.ts";
import { loadConfig } from "../suites/tidemark/server/config/load-config.ts";
import { optionsFrom } from "../suites/tidemark/server/config/to-options.ts";
import { ALL_TESTS } from "../suites/tidemark/server/tests/all.ts";
import { onInterrupt } from "./interrupt.ts";
import { doctorCommandOf, invocationOf, replayCommand } from "./invocation.ts";
import { createReporters, parseReporters, type ReporterRequest } from "./reporters.ts";
import { assertNamesTests } from "./selection.ts";
import { addServerOptions, optionsOf, parseUrl, type ServerFlags } from "./server-flags.ts";
import { asUsage } from "./usage.ts";

/** `server [url]`: run the suite against a server; the exit code is the verdict's. */
export function serverCommand(): Command {
  const command = new Command("server")
    .description("run the suite against a server")
    .argument(
      "[url]",
      "the channels' URL with {channel}, their base URL, or the URL of one channel",
      parseUrl,
    );
  return addServerOptions(command).action(runCommand);
}

/** A run, as the command line and the configuration define it. */
interface RunPlan {
  readonly options: ServerOptions;
  readonly invocation: readonly string[];
  /** The `doctor` command for the same target. */
  readonly doctor: string;
  readonly reporters: readonly ReporterRequest[];
  readonly transcripts: boolean;
  /** The baseline file to write. */
  readonly baselineFile: string | undefined;
}

async function runCommand(url: string | undefined, flags: ServerFlags, command: Command): Promise<void> {
  const { plan, reporters } = await asUsage(command, async () => {
    const plan = await planOf(url, flags);
    return { plan, reporters: reportersOf(plan) };
  });
  const report = await execute(plan, reporters);
  const { baselineFile } = plan;
  process.exitCode = report.verdict.exitCode;
  if (baselineFile === undefined || !report.summary) return;
  const { added, removed, open } = updateBaseline(baselineFile, report);
  process.stderr.write(`${baselineFile}: ${added} added, ${removed} removed\n`);
  if (open === 0) process.exitCode = 0;
}

/** Merge the configuration, if there is one, with the flags, which take precedence. @throws {ConfigError} */
export async function planOf(url: string | undefined, flags: ServerFlags): Promise<RunPlan> {
  const loaded = flags.config === undefined ? undefined : loadConfig(flags.config);
  const baseline = { optional: flags.updateBaseline ?? false };
  const file = loaded && (await optionsFrom(loaded, baseline));
  const target = url ?? file?.url;
  if (target === undefined)
    throw new ConfigError("no server given; pass its URL, or a configuration with -c");
  const own = optionsOf(flags);
  const merged: ServerOptions = { seed: Math.floor(Math.random() * 2 ** 32), ...file, ...own, url: target };
  const names = new Set((own.headers ?? []).map(({ name }) => name.toLowerCase()));
  const kept = (file?.headers ?? []).filter(({ name }) => !names.has(name.toLowerCase()));
  assertNamesTests(ALL_TESTS, merged);
  const invocation = invocationOf(url, flags, merged);
  if (flags.updateBaseline && flags.baseline === undefined && loaded?.baselineFile === undefined)
    throw new ConfigError("--update-baseline needs a file: --baseline <file>");
  return {
    options: { ...merged, headers: [...kept, ...(own.headers ?? [])], invocation },
    invocation,
    doctor: doctorCommandOf(url, flags),
    reporters: flags.reporter ?? parseReporters(loaded?.config.reporter ?? "pretty"),
    transcripts: flags.transcripts ?? loaded?.config.transcripts ?? false,
    baselineFile: flags.updateBaseline ? (flags.baseline ?? loaded?.baselineFile) : undefined,
  };
}

/** @throws {ConfigError} for a file that cannot be written */
function reportersOf({ invocation, transcripts, doctor, reporters }: RunPlan): readonly Reporter[] {
  return createReporters(reporters, {
    ledger: loadLedger(),
    stdout: streamSink(process.stdout),
    color: process.env.NO_COLOR === undefined,
    transcripts,
    replay: (test) => replayCommand(invocation, test),
    doctor,
  });
}

async function execute(plan: RunPlan, reporters: readonly Reporter[]): Promise<RunReport> {
  const { signal, off } = onInterrupt();
  try {
    for await (const event of runServer({ ...plan.options, signal })) {
      for (const reporter of reporters) reporter.on(event);
      if (event.type === "run-finished") return event.report;
    }
  } finally {
    off();
  }
  throw new Error("the run ended without a report");
}

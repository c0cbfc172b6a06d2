import { Command } from "commander";
import type { RunReport } from "../engine/model/event.ts";
import { loadLedger } from "../engine/model/ledger.ts";
import { EXIT } from "../engine/model/verdict.ts";
import { diffLines, diffReports } from "../engine/report/diff.ts";
import { loadReport } from "../engine/report/load-report.ts";
import { streamSink } from "../engine/report/sink.ts";
import { replayCommand } from "./invocation.ts";
import { createReporters, REPORTER_NAMES, type ReporterRequest } from "./reporters.ts";
import { asUsage } from "./usage.ts";

/** `report <file>`: convert a JSON report to other formats; without a format, print it for people. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("convert a JSON report to other formats; without a format, print it")
    .argument("<file>", "a report that --reporter json=<file> wrote");
  for (const name of REPORTER_NAMES.filter((form) => form !== "pretty" && form !== "json"))
    command.option(`--${name} <file>`, `write the report as ${name}`);
  return command.action(async (file: string, flags: Readonly<Record<string, string>>) => {
    const report = await asUsage(command, async () => loadReport(file));
    const forms = Object.entries(flags).map(([name, path]) => ({ name, file: path }));
    await asUsage(command, async () => {
      write(report, forms.length > 0 ? forms : [{ name: "pretty", file: undefined }]);
    });
  });
}

function write(report: RunReport, requests: readonly ReporterRequest[]): void {
  const reporters = createReporters(requests, {
    ledger: loadLedger(),
    stdout: streamSink(process.stdout),
    color: process.env.NO_COLOR === undefined,
    transcripts: true, // keep whatever the report holds
    replay: (test) => replayCommand(invocationIn(report), test),
  });
  for (const reporter of reporters) {
    for (const result of report.tests) reporter.on({ type: "test-finished", result });
    reporter.on({ type: "run-finished", report });
  }
}

/** The arguments of the run in a report. A report of `runServer` has none; assume a run without options. */
export function invocationIn({ invocation, target, seed }: RunReport): readonly string[] {
  return invocation ?? ["server", target.url, "--seed", String(seed)];
}

/** `diff <before> <after>`: show what changed; the exit code is 1 if something got worse. */
export function diffCommand(): Command {
  const command = new Command("diff")
    .description("show what changed between two JSON reports; exit 1 if something got worse")
    .argument("<before>", "the earlier report")
    .argument("<after>", "the later report");
  return command.action(async (before: string, after: string) => {
    const diff = await asUsage(command, async () => diffReports(loadReport(before), loadReport(after)));
    process.stdout.write(`${diffLines(diff).join("\n")}\n`);
    const worse = [...diff.requirements, ...diff.tests].some((change) => change.worse);
    process.exitCode = worse ? EXIT.violation : EXIT.ok;
  });
}

import { Command } from "commander";
import { ConfigError } from "../engine/config/source-file.ts";
import type { RunReport } from "../engine/model/event.ts";
import { EXIT } from "../engine/model/verdict.ts";
import { compareReports, comparisonTable } from "../engine/report/compare.ts";
import { diffLines, diffReports, type ReportDiff } from "../engine/report/diff.ts";
import { loadReport } from "../engine/report/load-report.ts";
import { streamSink } from "../engine/report/reporter.ts";
import type { Suite } from "../engine/run/suite.ts";
import type { SuiteCommand } from "../engine/run/suite-command.ts";
import { asUsage } from "./process.ts";
import { createReporters, REPORTER_NAMES, type ReporterRequest } from "./reporters.ts";
import { replayCommand } from "./suite-command.ts";

/** `report <file>`: convert a JSON report to other formats; without a format, print it for people. */
export function reportCommand(suites: readonly SuiteCommand[]): Command {
  const command = new Command("report")
    .description("convert a JSON report to other formats; without a format, print it")
    .argument("<file>", "a report that --reporter json=<file> wrote");
  for (const name of REPORTER_NAMES.filter((form) => form !== "pretty" && form !== "json"))
    command.option(`--${name} <file>`, `write the report as ${name}`);
  return command.action(async (file: string, flags: Readonly<Record<string, string>>) => {
    const { report, suite } = await asUsage(command, async () => {
      const loaded = loadReport(file);
      return { report: loaded, suite: suiteOf(loaded, suites) };
    });
    const forms = Object.entries(flags).map(([name, path]) => ({ name, file: path }));
    await asUsage(command, async () => {
      write(report, suite, forms.length > 0 ? forms : [{ name: "pretty", file: undefined }]);
    });
  });
}

/** The suite that wrote a report. @throws {ConfigError} if this package does not have it */
function suiteOf({ suiteName }: RunReport, suites: readonly SuiteCommand[]): Suite {
  const found = suites.find(({ suite }) => suite.name === suiteName);
  if (!found)
    throw new ConfigError(`this package has no suite ${suiteName}; the report is of another version`);
  return found.suite;
}

function write(report: RunReport, { ledger, words }: Suite, requests: readonly ReporterRequest[]): void {
  const reporters = createReporters(requests, {
    ledger,
    words,
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

/** The arguments of the run in a report. A report of the library has none; assume a run without options. */
export function invocationIn({ invocation, suiteName, target, seed }: RunReport): readonly string[] {
  return invocation ?? [suiteName, target.url, "--seed", String(seed)];
}

/** `diff <before> <after>`: show what changed; the exit code is 1 if something got worse. */
export function diffCommand(): Command {
  const command = new Command("diff")
    .description("show what changed between two JSON reports; exit 1 if something got worse")
    .argument("<before>", "the earlier report")
    .argument("<after>", "the later report");
  return command.action(async (before: string, after: string) => {
    const diff = await asUsage(command, async () => compare(loadReport(before), loadReport(after)));
    process.stdout.write(`${diffLines(diff).join("\n")}\n`);
    const worse = [...diff.requirements, ...diff.tests].some((change) => change.worse);
    process.exitCode = worse ? EXIT.violation : EXIT.ok;
  });
}

/** @throws {ConfigError} for reports of different suites: nothing in them can be compared */
function compare(before: RunReport, after: RunReport): ReportDiff {
  sameSuite([before, after]);
  return diffReports(before, after);
}

/** `compare <reports…>`: several targets in one table. */
export function compareCommand(): Command {
  const command = new Command("compare")
    .description("show several targets in one table, from their JSON reports")
    .argument("<reports...>", "reports of one suite, one for each target")
    .option("--json", "print JSON");
  return command.action(async (files: readonly string[], flags: { readonly json?: boolean }) => {
    const reports = await asUsage(command, async () => sameSuite(files.map(loadReport)));
    const comparison = compareReports(reports);
    const text = flags.json ? `${JSON.stringify(comparison, undefined, 2)}\n` : comparisonTable(comparison);
    process.stdout.write(text);
  });
}

/** @throws {ConfigError} for reports of different suites */
function sameSuite(reports: readonly RunReport[]): readonly RunReport[] {
  const names = [...new Set(reports.map(({ suiteName }) => suiteName))];
  if (names.length > 1)
    throw new ConfigError(
      `the reports are of different suites: ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`,
    );
  return reports;
}

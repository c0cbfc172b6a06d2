import type { RunEvent, RunReport } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import type { Reporter, Sink } from "./reporter.ts";

/** What a report file holds during the run, so that an interrupted run leaves an honest file. */
const CUT_SHORT = '{\n  "complete": false\n}\n';

/**
 * The whole report as JSON. Until the run is over the file says `"complete": false`. Exchanges of tests that
 * passed are left out unless `transcripts` is true.
 */
export function jsonReporter(sink: Sink, options: { readonly transcripts: boolean }): Reporter {
  if (!sink.stream) sink.replace(CUT_SHORT);
  return {
    on(event: RunEvent): void {
      if (event.type !== "run-finished") return;
      const report = options.transcripts ? event.report : withoutPassed(event.report);
      sink.replace(`${JSON.stringify(report, undefined, 2)}\n`);
    },
  };
}

/** The report without the exchanges of tests that passed. */
export function withoutPassed(report: RunReport): RunReport {
  return { ...report, tests: report.tests.map(trim) };
}

function trim(result: TestResult): TestResult {
  return result.outcome === "pass" || result.outcome === "info" ? { ...result, exchanges: [] } : result;
}

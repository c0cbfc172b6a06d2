import type { RunEvent, RunReport } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import { failureLines, knownText } from "./failure.ts";
import type { TextOptions } from "./junit.ts";
import type { Reporter, Sink } from "./reporter.ts";
import { unverifiedLines } from "./unverified.ts";

/** TAP 14. An undecided test is `# SKIP` with its reason; an unmet SHOULD is `# TODO`. */
export function tapReporter(sink: Sink, options: TextOptions): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type === "run-finished") sink.replace(tap(event.report, options));
    },
  };
}

function tap(report: RunReport, options: TextOptions): string {
  const lines = report.tests.flatMap((test, index) => testLines(test, index + 1, options));
  const open = unverifiedLines(report.summary, options.words).map((line) => `# ${line}`);
  const none = report.tests.length === 0 ? ` # SKIP ${report.verdict.line}` : "";
  const bail = report.verdict.kind === "no-verdict" ? [`Bail out! ${report.verdict.line}`] : [];
  return `${["TAP version 14", `1..${report.tests.length}${none}`, ...lines, ...open, `# ${report.verdict.line}`, ...bail].join("\n")}\n`;
}

function testLines(test: TestResult, number: number, options: TextOptions): string[] {
  const ok = test.outcome === "fail" || test.outcome === "error" || test.outcome === "warn" ? "not ok" : "ok";
  const line = `${ok} ${number} - ${test.id}${directive(test)}`;
  if (ok === "ok") return [line];
  const diagnostic = failureLines(test, options).map((text) => `    ${text}`);
  return [line, "  ---", `  message: ${JSON.stringify(test.title)}`, "  report: |", ...diagnostic, "  ..."];
}

function directive(test: TestResult): string {
  if (["inconclusive", "not-run", "n/a"].includes(test.outcome))
    return ` # SKIP ${[test.outcome, test.reason, test.detail]
      .filter(Boolean)
      .join(" ")
      .replace(/[\r\n#]+/g, " ")}`;
  if (test.known) return ` # TODO ${knownText(test).replace(/[\r\n#]+/g, " ")}`;
  return test.outcome === "warn" ? " # TODO SHOULD not met" : "";
}

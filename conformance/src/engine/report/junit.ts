import type { RunEvent, RunReport } from "../model/event.ts";
import type { Ledger } from "../model/ledger.ts";
import type { TestResult } from "../model/result.ts";
import type { Words } from "../model/words.ts";
import { failureLines, knownText } from "./failure.ts";
import type { Reporter, Sink } from "./reporter.ts";
import { unverifiedLines } from "./unverified.ts";

/** What the machine-readable reporters need to describe a failure. */
export interface TextOptions {
  readonly ledger: Ledger;
  readonly words: Words;
  readonly replay: (test: string) => string;
}

/** JUnit XML: `fail` is a failure, `error` an error; an undecided test is skipped, with its reason. */
export function junitReporter(sink: Sink, options: TextOptions): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type === "run-finished") sink.replace(junit(event.report, options));
    },
  };
}

function junit(report: RunReport, options: TextOptions): string {
  const count = (outcomes: readonly string[]): number =>
    report.tests.filter(({ outcome, known }) => outcomes.includes(known ? "known" : outcome)).length;
  const totals = [
    `tests="${report.tests.length}"`,
    `failures="${count(["fail"])}"`,
    `errors="${count(["error"])}"`,
    `skipped="${count(["inconclusive", "not-run", "n/a", "known"])}"`,
    `time="${seconds(report.durationMs)}"`,
  ].join(" ");
  const cases = report.tests.map((test) => testCase(test, options)).join("");
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="tidemark-conformance" ${totals}>`,
    `  <testsuite name="${escapeXml(`${options.words.title.toLowerCase()} ${report.target.url}`)}" timestamp="${report.startedAt}" ${totals}>`,
    `    <properties><property name="verdict" value="${escapeXml(report.verdict.line)}"/><property name="seed" value="${report.seed}"/></properties>`,
    `${cases}${notVerified(report, options)}  </testsuite>`,
    `</testsuites>\n`,
  ].join("\n");
}

/** What was not verified, and what would verify it. */
function notVerified({ summary }: RunReport, { words }: TextOptions): string {
  const lines = unverifiedLines(summary, words);
  return lines.length === 0 ? "" : `    <system-out>${escapeXml(lines.join("\n"))}</system-out>\n`;
}

function testCase(test: TestResult, options: TextOptions): string {
  const slash = test.id.lastIndexOf("/");
  const name = escapeXml(test.id.slice(slash + 1));
  const attributes = `name="${name}" classname="${escapeXml(test.id.slice(0, slash).replaceAll("/", "."))}" time="${seconds(test.durationMs)}"`;
  const inner = verdictElement(test, options);
  return inner === ""
    ? `    <testcase ${attributes}/>\n`
    : `    <testcase ${attributes}>${inner}</testcase>\n`;
}

function verdictElement(test: TestResult, options: TextOptions): string {
  const message = escapeXml(`${test.title}${test.detail ? `: ${test.detail}` : ""}`);
  if (test.known) return `<skipped message="${escapeXml(knownText(test))}"/>`;
  const body = (): string => escapeXml(failureLines(test, options).join("\n"));
  if (test.outcome === "fail") return `<failure message="${message}">${body()}</failure>`;
  if (test.outcome === "error") return `<error message="${message}">${body()}</error>`;
  if (test.outcome === "warn") return `<system-out>${body()}</system-out>`;
  if (["inconclusive", "not-run", "n/a"].includes(test.outcome))
    return `<skipped message="${escapeXml([test.outcome, test.reason, test.detail].filter(Boolean).join(" "))}"/>`;
  return "";
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Escape text for XML 1.0. Characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

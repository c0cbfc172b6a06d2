import type { RunEvent, RunReport } from "../model/event.ts";
import type { Standing } from "../model/summary.ts";
import { type Chapter, chaptersOf } from "./chapters.ts";
import { failureLines, knownText, specLink } from "./failure.ts";
import { findingsOf } from "./findings.ts";
import type { TextOptions } from "./junit.ts";
import type { Reporter, Sink } from "./reporter.ts";
import { unverifiedLines } from "./unverified.ts";

/** Failures that are shown in full; CI limits the size of a summary page. */
const MAX_TOLD = 20;

/** Markdown for the summary page of a CI job: the verdict, a table of chapters, and each failure, folded. */
export function markdownReporter(sink: Sink, options: TextOptions): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type === "run-finished") sink.replace(markdown(event.report, options));
    },
  };
}

function markdown(report: RunReport, options: TextOptions): string {
  const { identity, url } = report.target;
  const name = identity ? [identity.name, identity.version].filter(Boolean).join(" ") : url;
  const parts = [
    `## ${plain(options.words.title)} conformance: ${plain(name)}`,
    `${ICONS[report.verdict.kind]} **${plain(report.verdict.line)}**`,
    chapterTable(chaptersOf(report, options)),
    ...(report.baselineFaults ?? []).map(
      ({ test, fault, detail }) => `- **${fault}** in the baseline: \`${test}\`: ${plain(detail)}`,
    ),
    ...failures(report, options),
    unverifiedLines(report.summary, options.words)
      .map((line) => `- ${plain(line)}`)
      .join("\n"),
    facts(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const ICONS: Readonly<Record<RunReport["verdict"]["kind"], string>> = {
  conformant: "✅",
  "no-violations": "☑️",
  "known-violations": "⚠️",
  "not-conformant": "❌",
  "no-verdict": "❔",
};

function chapterTable(chapters: readonly Chapter[]): string {
  if (chapters.length === 0) return "";
  const rows = chapters.map(({ name, rows: all }) => {
    const count = (...standings: readonly Standing[]): number =>
      all.filter(({ standing }) => standings.includes(standing.standing)).length;
    const violated = count("violated");
    const cells = [
      name,
      count("verified"),
      violated > 0 ? `**${violated}**` : 0,
      count("known"),
      count("not-met"),
      count("unverified"),
      count("n/a", "observed"),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head =
    "| chapter | verified | violated | known | SHOULD not met | unverified | other |\n|---|--:|--:|--:|--:|--:|--:|";
  return [head, ...rows].join("\n");
}

function failures(report: RunReport, options: TextOptions): string[] {
  const known = report.tests.filter(({ known }) => known !== undefined);
  const notable = [...findingsOf(report.tests).flatMap(({ shown, also }) => [shown, ...also]), ...known];
  const told = notable.slice(0, MAX_TOLD).map((test) => {
    const broken = test.requirements.filter(({ outcome }) => outcome === "fail" || outcome === "warn");
    const links = broken.map(({ requirement }) => {
      const row = options.ledger.get(requirement);
      return row ? `\`${requirement}\` (${row.keyword}, ${specLink(row)})` : `\`${requirement}\``;
    });
    const head = `<b>${test.known ? "known" : test.outcome}</b> <code>${test.id}</code>: ${html(test.title)}`;
    const body = test.known
      ? [plain(knownText(test))]
      : [links.join(", "), fenced(failureLines(test, options))];
    return [`<details><summary>${head}</summary>`, ...body.filter((text) => text !== ""), "</details>"].join(
      "\n\n",
    );
  });
  const more = notable.length - told.length;
  return more > 0 ? [...told, `… and ${more} more; the other reporters show all of them`] : told;
}

/** A code block whose fence is longer than any run of backticks in it. */
function fenced(lines: readonly string[]): string {
  const text = lines.join("\n");
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}txt\n${text}\n${fence}`;
}

function facts(report: RunReport): string {
  const outcomes = Object.entries(report.summary?.outcomes ?? {}).map(
    ([outcome, count]) => `${count} ${outcome}`,
  );
  const run = `suite ${report.suite}, specification ${report.spec}, seed ${report.seed}`;
  const time = `${(report.durationMs / 1000).toFixed(1)} s`;
  return `<sub>${[...(outcomes.length > 0 ? [`${report.tests.length} tests: ${outcomes.join(", ")}`] : []), time, run, report.startedAt].join(" · ")}</sub>`;
}

/** Escape text so that Markdown shows it literally. */
function plain(text: string): string {
  return html(text)
    .replace(/[\\`*_{}[\]#|]/g, "\\$&")
    .replace(/[\r\n]+/g, " ");
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

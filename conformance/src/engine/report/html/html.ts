import { readFileSync } from "node:fs";
import type { RunEvent, RunReport } from "../../model/event.ts";
import type { TestResult } from "../../model/result.ts";
import type { Standing } from "../../model/summary.ts";
import type { Words } from "../../model/words.ts";
import { shorten } from "../../wire/excerpt.ts";
import { chaptersOf } from "../chapters.ts";
import { type Finding, findingsOf } from "../findings.ts";
import { withoutPassed } from "../json.ts";
import type { Reporter, Sink } from "../reporter.ts";
import { unverifiedLines } from "../unverified.ts";
import { html, Markup } from "./markup.ts";
import { matrix, STANDING_MARKS, testAnchor } from "./matrix.ts";
import { type TestListOptions, testList } from "./test-list.ts";

/** Options of the HTML report. */
export interface HtmlOptions extends TestListOptions {
  readonly words: Words;
  /** Keep the transcripts of passed tests too. */
  readonly transcripts: boolean;
}

/** One self-contained page: it loads nothing, works offline, and is readable without its script. */
export function htmlReporter(sink: Sink, options: HtmlOptions): Reporter {
  return {
    on(event: RunEvent): void {
      if (event.type !== "run-finished") return;
      sink.replace(page(options.transcripts ? event.report : withoutPassed(event.report), options));
    },
  };
}

/** A file that is copied into the page unchanged. */
function asset(name: string): Markup {
  return new Markup(readFileSync(new URL(`../../../../assets/${name}`, import.meta.url), "utf8"));
}

function page(report: RunReport, options: HtmlOptions): string {
  const { identity, url } = report.target;
  const name = identity ? [identity.name, identity.version].filter(Boolean).join(" ") : url;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${name}: ${report.verdict.kind} · ${options.words.title} ${report.spec}</title>
<style>${asset("report.css")}</style>
</head>
<body>
${banner(report, name, options.words)}
<main>
${findings(report)}
${filters(report)}
${report.summary && html`<section id="requirements"><h2>Requirements <small>checks by mechanism</small></h2>${matrix(chaptersOf(report, options), report.tests, options.words.kinds)}</section>`}
${report.tests.length > 0 && html`<section id="tests"><h2>Tests <small>${report.tests.length}</small></h2>${testList(report.tests, options)}</section>`}
${openMusts(report, options.words)}
</main>
${footer(report)}
<script>${asset("report.js")}</script>
</body>
</html>
`.text;
}

function banner(
  { target, verdict, spec, summary, baselineFaults = [] }: RunReport,
  name: string,
  { title }: Words,
): Markup {
  const { applicable = 0, verified = 0, violated = 0 } = summary?.must ?? {};
  const share = (count: number): number => (applicable === 0 ? 0 : (100 * count) / applicable);
  return html`<header class="${verdict.kind}">
<p class="eyebrow">${title} conformance · specification ${spec}</p>
<h1>${name}</h1>
${name !== target.url && html`<p class="url">${target.url}</p>`}
<p class="verdict">${verdict.line}</p>
${summary && html`<div class="bar" role="img" aria-label="${verified} of ${applicable} MUST verified, ${violated} violated"><span class="verified" style="width:${share(verified).toFixed(2)}%"></span><span class="violated" style="width:${share(violated).toFixed(2)}%"></span></div>`}
${baselineFaults.length > 0 && html`<ul class="baseline">${baselineFaults.map(({ test, fault, detail }) => html`<li><b>${fault}</b> in the baseline: <code>${test}</code>: ${detail}</li>`)}</ul>`}
<p class="offers">${[target.mechanisms.join(" + "), target.publish && "publish", target.allowed && `may ${target.allowed}`, target.driver && `driver ${target.driver}`].filter(Boolean).join(" · ")}</p>
</header>`;
}

/** One item for each cause, with links to the tests that show it. */
function findings({ tests }: RunReport): Markup | undefined {
  const all = findingsOf(tests);
  if (all.length === 0) return undefined;
  const link = ({ id }: TestResult): Markup => html`<a href="#${testAnchor(id)}">${id}</a>`;
  const item = ({ shown, also, requirements }: Finding): Markup => {
    const first = shown.requirements.flatMap(({ evidence }) => evidence).find(({ ok }) => !ok);
    const seen = first
      ? `: ${first.what}: expected ${shorten(first.expected)}, got ${shorten(first.actual)}`
      : "";
    const more =
      also.length > 0 &&
      html`<details><summary>${also.length} more tests of probably the same cause</summary><ul>${also.map((test) => html`<li>${link(test)}</li>`)}</ul></details>`;
    return html`<li><b>${requirements.join(", ")}</b> ${link(shown)}${seen}${more}</li>`;
  };
  return html`<section id="findings"><h2>Findings <small>${all.length}</small></h2><ol>${all.map(item)}</ol></section>`;
}

/** The MUSTs that were not verified, and what would verify them. */
function openMusts({ summary }: RunReport, words: Words): Markup | undefined {
  const lines = unverifiedLines(summary, words);
  if (lines.length === 0) return undefined;
  return html`<section id="unverified"><h2>Not verified</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}

const STANDINGS = Object.keys(STANDING_MARKS) as Standing[];

/** Hidden until the script runs, because they do nothing without it. */
function filters({ summary }: RunReport): Markup | undefined {
  if (!summary) return undefined;
  const count = (standing: Standing): number =>
    summary.requirements.filter((row) => row.standing === standing).length;
  const chips = STANDINGS.filter((standing) => count(standing) > 0).map(
    (standing) =>
      html`<button type="button" class="chip" data-standing="${standing}" aria-pressed="false"><span class="mark ${standing}">${STANDING_MARKS[standing]}</span> ${standing} <b>${count(standing)}</b></button>`,
  );
  return html`<form class="filters" hidden role="search"><input type="search" name="text" placeholder="Filter: SSE-RESUME, heartbeat, server/polling…" aria-label="Filter requirements and tests"><div class="chips">${chips}</div><output></output></form>`;
}

function footer(report: RunReport): Markup {
  const outcomes = Object.entries(report.summary?.outcomes ?? {}).map(
    ([outcome, count]) => `${count} ${outcome}`,
  );
  const facts = [
    ["suite", report.suite],
    ["seed", String(report.seed)],
    ["started", report.startedAt],
    ["took", `${(report.durationMs / 1000).toFixed(1)} s`],
    ["tests", outcomes.join(", ")],
    ["claims", report.target.claimed ?? ""],
    ...Object.entries(report.target.facts ?? {}),
  ].filter(([, value]) => value !== "");
  return html`<footer><dl class="facts">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></footer>`;
}

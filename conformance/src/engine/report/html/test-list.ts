import type { Requirement } from "../../model/ledger.ts";
import type { Evidence, RequirementResult, TestResult } from "../../model/result.ts";
import { SHOWN_BYTES, shorten } from "../../wire/excerpt.ts";
import { type ExchangeRecord, transcriptLines } from "../../wire/transcript.ts";
import { isNotable, knownText } from "../failure.ts";
import { html, type Markup, sentence } from "./markup.ts";
import { testAnchor } from "./matrix.ts";

/** What the list needs besides the tests. */
export interface TestListOptions {
  readonly ledger: ReadonlyMap<string, Requirement>;
  readonly replay: (test: string) => string;
}

/** A page has more room for a body than a terminal. */
const PAGE_BYTES = 4 * SHOWN_BYTES;

/** Gravest first. */
const ORDER: readonly string[] = ["fail", "error", "warn", "inconclusive", "info", "pass", "not-run", "n/a"];

/** Every test, the gravest outcomes first; transcripts are folded. */
export function testList(tests: readonly TestResult[], options: TestListOptions): Markup {
  const rank = ({ outcome }: TestResult): number => ORDER.indexOf(outcome);
  const sorted = [...tests].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  return html`<div class="tests">${sorted.map((test) => testItem(test, options))}</div>`;
}

function testItem(test: TestResult, options: TestListOptions): Markup {
  const { id, title, outcome, known, durationMs } = test;
  const detail = [test.reason, test.detail].filter((part) => part !== undefined).join(" ");
  return html`<details class="test" id="${testAnchor(id)}" data-outcome="${known ? "known" : outcome}">
<summary><span class="pill ${known ? "known" : outcome}">${known ? "known" : outcome}</span> <span class="id">${id}</span> <span class="title">${title}</span> <span class="time">${durationMs} ms</span></summary>
<div class="body">
${known && html`<p class="detail">${knownText(test)}</p>`}${detail !== "" && html`<p class="detail">${shorten(detail)}</p>`}
${test.requirements.map((row) => requirement(row, options.ledger))}
${test.notes.map((note) => html`<p class="note">${note}</p>`)}
${test.curl !== undefined && html`<h4>Reproduce it <button type="button" class="copy" hidden>copy</button></h4><pre class="shell">${test.curl}</pre>`}
${test.exchanges.length > 0 && html`<h4>What was sent and received</h4>${test.exchanges.map(exchange)}`}
${isNotable(test) && html`<h4>Run it again <button type="button" class="copy" hidden>copy</button></h4><pre class="shell">${options.replay(id)}</pre>`}
</div></details>
`;
}

function requirement(row: RequirementResult, ledger: ReadonlyMap<string, Requirement>): Markup {
  const known = ledger.get(row.requirement);
  const failed = row.evidence.filter(({ ok }) => !ok);
  const shown = failed.length > 0 ? failed : row.evidence;
  return html`<div class="evidence"><p><span class="pill ${row.outcome}">${row.outcome}</span> <b>${row.requirement}</b> <span class="level">${known?.keyword ?? row.level}</span> ${known && sentence(known.text)}</p>
${shown.map(evidence)}</div>`;
}

function evidence({ ok, what, expected, actual, exchange: index }: Evidence): Markup {
  const where = index === undefined ? "" : ` (request ${index + 1})`;
  return html`<dl class="${ok ? "held" : "failed"}"><dt>${what}${where}</dt><dd><span>expected</span> <code>${shorten(expected)}</code></dd><dd><span>actual</span> <code>${shorten(actual)}</code></dd></dl>`;
}

function exchange(record: ExchangeRecord, index: number): Markup {
  const lines = transcriptLines(record, PAGE_BYTES).map(
    (line) => html`<span class="${lineClass(line)}">${line}</span>\n`,
  );
  const answer = record.status === undefined ? record.ending : String(record.status);
  return html`<details class="exchange"><summary>${index + 1}. <code>${record.method} ${shorten(record.url, 200)}</code> → ${answer}</summary><pre>${lines}</pre></details>`;
}

/** The CSS class of a transcript line: sent, received, or how the exchange ended. */
function lineClass(line: string): string {
  const mark = line.charAt(10);
  return mark === ">" ? "sent" : mark === "<" ? "received" : "ended";
}

import { test } from "uvu";
import * as assert from "uvu/assert";
import { tidemarkLedger as ledger, tidemarkWords as words } from "../../suites/tidemark/ledger.ts";
import type { RunReport } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import { summarize } from "../model/summary.ts";
import { observable } from "../run/suite.ts";
import { htmlReporter } from "./html/html.ts";
import { jsonReporter } from "./json.ts";
import { junitReporter } from "./junit.ts";
import { markdownReporter } from "./markdown.ts";
import { prettyReporter } from "./pretty.ts";
import type { Sink } from "./reporter.ts";
import { tapReporter } from "./tap.ts";

function result(id: string, outcome: TestResult["outcome"], extra: Partial<TestResult> = {}): TestResult {
  const failed = outcome === "fail" || outcome === "warn";
  const evidence = {
    ok: !failed,
    what: "the answer to <b> & \u0001",
    expected: "410 gap",
    actual: "200",
    exchange: 0,
  };
  return {
    id,
    title: "A cursor that nobody minted is a gap",
    outcome,
    candidate: false,
    requirements: [{ requirement: "CORE-GAP-2", level: "MUST", outcome, evidence: [evidence], checks: 1 }],
    durationMs: 12,
    notes: [],
    exchanges: [
      {
        method: "GET",
        url: "http://127.0.0.1/ch?after=X1",
        headers: [["Host", "127.0.0.1"]],
        startedAtMs: 0,
        endedAtMs: 5,
        status: 200,
        responseHeaders: [],
        received: [{ atMs: 4.5, text: "HTTP/1.1 200 OK\r\n\r\n{}" }],
        ending: "complete",
        faults: [],
      },
    ],
    ...(failed ? { curl: "curl -isSgN 'http://127.0.0.1/ch?after=X1'" } : {}),
    ...extra,
  };
}

const TESTS = [
  result("server/core/a", "pass"),
  result("server/core/b", "fail"),
  result("server/core/c", "n/a", { detail: "sse is not claimed" }),
  result("server/core/d", "inconclusive", { reason: "LAGGED", detail: "late" }),
];

const REPORT: RunReport = {
  complete: true,
  suite: "0.0.0",
  suiteName: "server",
  spec: "1.0",
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 1234,
  seed: 7,
  target: { url: "http://127.0.0.1/{channel}", mechanisms: ["poll"], publish: true },
  verdict: { kind: "not-conformant", line: "NOT CONFORMANT: 1 MUST violated", exitCode: 1 },
  summary: summarize(observable({ ledger, subject: "server" }), TESTS, { spec: "1.0" }),
  tests: TESTS,
};

/** A sink that keeps the text, as a stream or as a file. */
function memorySink(terminal = false): Sink & { text: string } {
  const sink = {
    text: "",
    terminal,
    columns: 80,
    write(more: string): void {
      sink.text += more;
    },
    replace(whole: string): void {
      sink.text = whole;
    },
  };
  return sink;
}

const options = { ledger, words, replay: (id: string) => `npx @tidemark/conformance server URL --run ${id}` };
const finished = { type: "run-finished", report: REPORT } as const;

test("JUnit has counts, and no character that XML cannot hold", () => {
  const sink = memorySink();
  junitReporter(sink, options).on(finished);
  assert.match(sink.text, 'tests="4" failures="1" errors="0" skipped="2" time="1.234"');
  assert.match(sink.text, '<testcase name="b" classname="server.core"');
  assert.match(sink.text, "the answer to &#60;b&#62; &#38; \ufffd");
  assert.match(sink.text, 'skipped message="n/a sse is not claimed"');
  assert.is(sink.text.match(/<testcase /g)?.length, 4);
  assert.is(sink.text.match(/<\/testcase>|<testcase [^>]*\/>/g)?.length, 4);
});

test("TAP has a plan, passes, failures and skips", () => {
  const sink = memorySink();
  tapReporter(sink, options).on(finished);
  const lines = sink.text.split("\n");
  assert.equal(lines.slice(0, 3), ["TAP version 14", "1..4", "ok 1 - server/core/a"]);
  assert.ok(lines.includes("not ok 2 - server/core/b"));
  assert.ok(lines.includes("ok 3 - server/core/c # SKIP n/a sse is not claimed"));
  assert.ok(lines.includes("ok 4 - server/core/d # SKIP inconclusive LAGGED late"));
});

test("a JSON report says that it is incomplete until the run is over", () => {
  const sink = memorySink();
  const reporter = jsonReporter(sink, { transcripts: false });
  assert.equal(JSON.parse(sink.text), { complete: false });
  reporter.on(finished);
  const report = JSON.parse(sink.text) as RunReport;
  assert.is(report.complete, true);
  assert.equal(report.tests[0]?.exchanges, []);
  assert.is(report.tests[1]?.exchanges.length, 1);
});

test("a failure shows the requirement, what was expected, what came, and how to reproduce it", () => {
  const sink = memorySink();
  const reporter = prettyReporter(sink, { ...options, color: false });
  reporter.on({ type: "test-finished", result: result("server/core/b", "fail") });
  reporter.on(finished);
  for (const text of [
    "FAIL server/core/b",
    `“${ledger.get("CORE-GAP-2")?.text}”`,
    "spec/core.md#core-gap-2",
    "expected: 410 gap",
    "actual:   200",
    "curl -isSgN 'http://127.0.0.1/ch?after=X1'",
    "0 ms > GET http://127.0.0.1/ch?after=X1",
    "5 ms < HTTP/1.1 200 OK",
    "npx @tidemark/conformance server URL --run server/core/b",
  ])
    assert.ok(sink.text.includes(text), text);
  assert.match(sink.text, /NOT CONFORMANT: 1 MUST violated\n$/);
  assert.not.match(sink.text, "\u001b");
});

test("a terminal shows the running tests, and the line is cleared afterwards", () => {
  const sink = memorySink(true);
  const reporter = prettyReporter(sink, { ...options, color: true });
  reporter.on({ type: "target-found", target: REPORT.target, tests: 4 });
  reporter.on({ type: "test-started", id: "server/core/b" });
  assert.match(sink.text, "0/4 server/core/b");
  reporter.on(finished);
  assert.ok(sink.text.includes("\r\u001b[K"));
});

/** The pretty report of these failures. */
function toldOf(failures: readonly TestResult[]): string {
  const sink = memorySink();
  const reporter = prettyReporter(sink, { ...options, color: false });
  for (const failure of failures) reporter.on({ type: "test-finished", result: failure });
  reporter.on({ type: "run-finished", report: { ...REPORT, tests: failures } });
  return sink.text;
}

/** Twelve failures; `blames` names the requirement of each. */
function twelve(blames: (index: number) => string): TestResult[] {
  return Array.from({ length: 12 }, (_, index) => {
    const failure = result(`server/core/t${index}`, "fail");
    const requirements = failure.requirements.map((row) => ({ ...row, requirement: blames(index) }));
    return { ...failure, requirements };
  });
}

const ALL_IN_HTML = /--reporter html=report.html shows all failures/;

test("ten findings are shown in full; each failure has a line of its own when it happens", () => {
  const ids = [...ledger.keys()];
  const text = toldOf(twelve((index) => ids[index] ?? ""));
  assert.is(text.match(/^FAIL server\/core\/t\d+ \([A-Z]+-[A-Z]+-\d+\)$/gm)?.length, 12);
  assert.is(text.match(/^ +actual: +200$/gm)?.length, 10);
  assert.is(text.match(/reproduce:/g)?.length, 10);
  assert.match(text, "\n2 further findings: ");
  assert.match(text, ALL_IN_HTML);
});

test("tests that blame one requirement are one finding, which names them and leaves room for the others", () => {
  const text = toldOf(twelve((index) => (index < 11 ? "CORE-CACHE-1" : "CORE-GAP-2")));
  assert.is(text.match(/reproduce:/g)?.length, 2);
  assert.match(text, "probably the same cause: server/core/t1, server/core/t10, server/core/t2");
  assert.match(text, ALL_IN_HTML);
  assert.not.match(toldOf(twelve(() => "CORE-CACHE-1").slice(0, 1)), ALL_IN_HTML);
});

test("tests that get the same error of the server are one finding, whatever they blame", () => {
  const ids = [...ledger.keys()];
  const failures = twelve((index) => ids[index] ?? "").map((failure) => ({
    ...failure,
    requirements: failure.requirements.map((row) => ({
      ...row,
      evidence: row.evidence.map((item) => ({ ...item, actual: "500 text/plain" })),
    })),
  }));
  const text = toldOf(failures);
  assert.is(text.match(/reproduce:/g)?.length, 1);
  assert.match(text, `they also blame: ${ids.slice(1, 3).join(", ")}`);
});

/** A MUST that only the user's selection left out, and what its line has to say. */
const LEFT_OUT =
  /not verified: \d+ MUST were filtered out \(this takes a run without --run, --skip and --requirement\): [^\n]*CORE-GAP-1/;

test("every report for people and for machines names the MUSTs that were not verified, and what would verify them", () => {
  const tested = new Set(ledger.keys());
  const summary = summarize(observable({ ledger, subject: "server" }), TESTS, { spec: "1.0", tested });
  const event = { type: "run-finished", report: { ...REPORT, summary } } as const;
  const outputs = [
    (sink: Sink) => prettyReporter(sink, { ...options, color: false }),
    (sink: Sink) => junitReporter(sink, options),
    (sink: Sink) => tapReporter(sink, options),
    (sink: Sink) => markdownReporter(sink, options),
    (sink: Sink) => htmlReporter(sink, { ...options, transcripts: false }),
  ].map((reporter) => {
    const sink = memorySink();
    reporter(sink).on(event);
    return sink;
  });
  for (const { text } of outputs) assert.match(text.replaceAll("\\", ""), LEFT_OUT);
});

test("a violated requirement names the tests that found the violation, and no others", () => {
  const sink = memorySink();
  prettyReporter(sink, { ...options, color: false }).on(finished);
  assert.match(sink.text, /\nviolated: CORE-GAP-2 \(MUST\), see server\/core\/b\n/);
});

test("without a verdict, the report names the doctor command", () => {
  const sink = memorySink();
  const verdict = { kind: "no-verdict", line: "NO VERDICT: target unreachable", exitCode: 3 } as const;
  const doctor = "npx @tidemark/conformance doctor URL";
  prettyReporter(sink, { ...options, color: false, doctor }).on({
    ...finished,
    report: {
      complete: true,
      suite: "0",
      suiteName: "server",
      spec: "1.0",
      startedAt: "",
      durationMs: 1,
      seed: 7,
      target: REPORT.target,
      verdict,
      tests: [],
    },
  });
  assert.match(sink.text, /^to find the cause, run: npx @tidemark\/conformance doctor URL\nNO VERDICT/);
});

test.run();

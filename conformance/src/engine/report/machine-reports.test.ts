import { test } from "uvu";
import * as assert from "uvu/assert";
import { tidemarkLedger as ledger, tidemarkWords as words } from "../../suites/tidemark/ledger.ts";
import type { RunReport } from "../model/event.ts";
import type { TestResult } from "../model/result.ts";
import { summarize } from "../model/summary.ts";
import type { VerdictKind } from "../model/words.ts";
import { observable } from "../run/suite.ts";
import { badgeReporter } from "./badge.ts";
import { markdownReporter } from "./markdown.ts";
import type { Reporter, Sink } from "./reporter.ts";

const options = { ledger, words, replay: (id: string) => `replay ${id}` };

function failed(id: string, extra: Partial<TestResult> = {}): TestResult {
  const evidence = [{ ok: false, what: "what", expected: "```\n</details>", actual: "<b>" }];
  return {
    id,
    title: "A <b>title</b>",
    outcome: "fail",
    candidate: false,
    requirements: [{ requirement: "CORE-GAP-2", level: "MUST", outcome: "fail", evidence, checks: 1 }],
    durationMs: 1,
    notes: [],
    exchanges: [],
    ...extra,
  };
}

function report(kind: VerdictKind, tests: readonly TestResult[]): RunReport {
  return {
    complete: true,
    suite: "0.0.0",
    suiteName: "server",
    spec: "1.0",
    startedAt: "2026-01-01T00:00:00.000Z",
    durationMs: 1234,
    seed: 7,
    target: { url: "http://h/{channel}", mechanisms: ["poll"], publish: true },
    verdict: { kind, line: `LINE of ${kind} | *x*`, exitCode: kind === "not-conformant" ? 1 : 0 },
    ...(kind === "no-verdict"
      ? {}
      : { summary: summarize(observable({ ledger, subject: "server" }), tests, { spec: "1.0" }) }),
    tests,
  };
}

function written(make: (sink: Sink) => Reporter, run: RunReport): string {
  let text = "";
  const replace = (whole: string): void => {
    text = whole;
  };
  make({ write: replace, replace, terminal: false, columns: 80 }).on({ type: "run-finished", report: run });
  return text;
}

const markdown = (run: RunReport): string => written((sink) => markdownReporter(sink, options), run);

test("Markdown has the verdict, the chapters, and each failure, folded", () => {
  const text = markdown(report("not-conformant", [failed("server/core/a")]));
  assert.match(
    text,
    /^## Tidemark conformance: http:\/\/h\/\\\{channel\\\}\n\n❌ \*\*LINE of not-conformant \\\| \\\*x\\\*\*\*\n/,
  );
  assert.match(text, /\| core \| 0 \| \*\*1\*\* \|/);
  assert.match(
    text,
    "<details><summary><b>fail</b> <code>server/core/a</code>: A &lt;b&gt;title&lt;/b&gt;</summary>",
  );
  assert.match(text, /`CORE-GAP-2` \(MUST, spec\/core\.md#core-gap-2\)/);
});

test("text of a failure cannot break out of its Markdown block", () => {
  const text = markdown(report("not-conformant", [failed("server/core/a")]));
  const [, fence = ""] = /\n(`{3,})txt\n/.exec(text) ?? [];
  assert.is(fence, "````");
  const [, inside = "", outside = ""] = text.split(/````(?:txt)?\n/);
  assert.match(inside, "</details>");
  assert.is(outside.match(/<\/details>/g)?.length, 1);
});

test("Markdown shows twenty failures, and counts the others", () => {
  const tests = Array.from({ length: 23 }, (_, index) => failed(`server/core/t${index}`));
  const text = markdown(report("not-conformant", tests));
  assert.is(text.match(/<details>/g)?.length, 20);
  assert.match(text, /… and 3 more/);
});

test("a known failure is shown with its reason only", () => {
  const known = { test: "server/core/a", reason: "next week", issue: "#7" };
  const text = markdown(report("known-violations", [failed("server/core/a", { known })]));
  assert.match(
    text,
    /<b>known<\/b> <code>server\/core\/a<\/code>.*\n\nknown failure: next week \(\\#7\)\n\n<\/details>/,
  );
});

test("without a verdict, Markdown says why", () => {
  assert.match(markdown(report("no-verdict", [])), /❔ \*\*LINE of no-verdict/);
});

const BADGES: Readonly<Record<VerdictKind, readonly [string, RegExp]>> = {
  conformant: ["brightgreen", /^conformant \d+\/\d+$/],
  "no-violations": ["green", /^\d+\/\d+ MUST verified$/],
  "known-violations": ["yellow", /^\d+\/\d+ MUST verified$/],
  "not-conformant": ["red", /^1 MUST violated$/],
  "no-verdict": ["lightgrey", /^no verdict$/],
};

for (const [kind, [color, message]] of Object.entries(BADGES))
  test(`the badge of ${kind} is ${color}`, () => {
    const tests = kind === "not-conformant" ? [failed("server/core/a")] : [];
    const badge = JSON.parse(
      written((sink) => badgeReporter(sink, options), report(kind as VerdictKind, tests)),
    ) as Record<string, unknown>;
    assert.is(badge.schemaVersion, 1);
    assert.is(badge.label, "tidemark 1.0");
    assert.is(badge.color, color);
    assert.match(String(badge.message), message);
  });

test.run();

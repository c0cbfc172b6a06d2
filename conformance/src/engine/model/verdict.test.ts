import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Level, Requirement } from "./ledger.ts";
import type { Outcome, ReasonCode } from "./outcome.ts";
import type { TestResult } from "./result.ts";
import { summarize } from "./summary.ts";
import { decide } from "./verdict.ts";
import type { TargetReport, Verdict, Words } from "./words.ts";

const TARGET: TargetReport = { url: "http://h", mechanisms: ["poll", "sse"], publish: true };

const WORDS: Words = {
  title: "T",
  chapters: ["core"],
  kinds: [],
  reasons: { NEEDS_PUBLISH: "need a way to publish" },
};

function requirement(id: string, level: Level): Requirement {
  return {
    id,
    level,
    keyword: level,
    subject: "server",
    class: "core",
    text: id,
    anchor: "core.md",
    observable: true,
    reason: undefined,
  };
}

function result(
  id: string,
  rows: Readonly<Record<string, readonly [Outcome, ReasonCode?]>>,
  candidate = false,
): TestResult {
  const requirements = Object.entries(rows).map(([name, [outcome, reason]]) => ({
    requirement: name,
    level: "MUST" as const,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    evidence: [],
    checks: 1,
  }));
  return { id, title: id, outcome: "pass", candidate, requirements, durationMs: 1, notes: [], exchanges: [] };
}

const LEDGER = [
  requirement("A-1", "MUST"),
  requirement("A-2", "MUST"),
  requirement("A-3", "SHOULD"),
  requirement("A-4", "MAY"),
];

function verdict(
  results: readonly TestResult[],
  options: { strict?: boolean; requireComplete?: boolean } = {},
): Verdict {
  const { strict = false, requireComplete = false } = options;
  return decide({
    summary: summarize(LEDGER, results, { spec: "1.0" }),
    target: TARGET,
    words: WORDS,
    strict,
    requireComplete,
  });
}

test("every MUST verified: conformant, and the line names the scope", () => {
  const { line, exitCode } = verdict([
    result("t", { "A-1": ["pass"], "A-2": ["pass"], "A-3": ["warn"], "A-4": ["info"] }),
  ]);
  assert.is(line, "CONFORMANT (spec 1.0, poll + sse + publish): 2/2 MUST verified");
  assert.is(exitCode, 0);
});

test("an unverified MUST is reported with its reason, and is exit 4 under --require-complete", () => {
  const results = [result("t", { "A-1": ["pass"] }), result("u", { "A-2": ["not-run", "NEEDS_PUBLISH"] })];
  assert.is(verdict(results).line, "NO VIOLATIONS FOUND: 1/2 MUST verified, 1 need a way to publish");
  assert.is(verdict(results).exitCode, 0);
  assert.is(verdict(results, { requireComplete: true }).exitCode, 4);
  assert.is(
    verdict([result("t", { "A-1": ["pass"] })]).line,
    "NO VIOLATIONS FOUND: 1/2 MUST verified, 1 have no test yet",
  );
});

test("one failure outweighs any number of passes", () => {
  const results = [result("t", { "A-1": ["pass"], "A-2": ["pass"] }), result("u", { "A-1": ["fail"] })];
  assert.is(verdict(results).line, "NOT CONFORMANT: 1 MUST violated");
  assert.is(verdict(results).exitCode, 1);
});

test("an inconclusive test leaves its requirement unverified even if another test passed", () => {
  const results = [
    result("t", { "A-1": ["pass"], "A-2": ["pass"] }),
    result("u", { "A-1": ["inconclusive", "LAGGED"] }),
  ];
  assert.is(verdict(results).line, "NO VIOLATIONS FOUND: 1/2 MUST verified, 1 were inconclusive");
});

test("a test that does not apply is not counted, and neither is a candidate", () => {
  const results = [
    result("t", { "A-1": ["pass"] }),
    result("u", { "A-2": ["n/a"] }),
    result("v", { "A-1": ["fail"] }, true),
  ];
  assert.is(verdict(results).line, "CONFORMANT (spec 1.0, poll + sse + publish): 1/1 MUST verified");
});

test("a SHOULD counts under --strict only", () => {
  const results = [result("t", { "A-1": ["pass"], "A-2": ["pass"], "A-3": ["warn"] })];
  assert.is(verdict(results).exitCode, 0);
  assert.is(
    verdict([result("t", { "A-1": ["pass"], "A-2": ["pass"], "A-3": ["fail"] })], { strict: true }).exitCode,
    1,
  );
});

test("if no MUST was verified, there is no verdict", () => {
  assert.is(verdict([result("t", { "A-1": ["inconclusive", "PRECONDITION_FAILED"] })]).exitCode, 3);
  const none = decide({
    noVerdict: "target unreachable",
    target: TARGET,
    words: WORDS,
    strict: false,
    requireComplete: false,
  });
  assert.is(none.line, "NO VERDICT: target unreachable");
  assert.is(none.exitCode, 3);
});

/** Ten MUSTs: how many were verified, and the reason why the others were not. */
function partly(verified: number, reason: ReasonCode): Verdict {
  const ledger = Array.from({ length: 10 }, (_, index) => requirement(`B-${index}`, "MUST"));
  const results = ledger.map(({ id }, index) =>
    result(id, { [id]: index < verified ? ["pass"] : ["inconclusive", reason] }),
  );
  const summary = summarize(ledger, results, { spec: "1.0" });
  return decide({ summary, target: TARGET, words: WORDS, strict: false, requireComplete: false });
}

test("too many tests without a result give no verdict, unless the suite itself was late", () => {
  assert.is(partly(8, "PRECONDITION_FAILED").exitCode, 0);
  assert.is(partly(7, "PRECONDITION_FAILED").exitCode, 3);
  assert.match(partly(7, "CONTROL_FAILED").line, /^NO VERDICT: 3 of 10 MUST could not be decided/);
  assert.is(partly(7, "LAGGED").exitCode, 0);
});

test("a run that verified less than half of the MUSTs says so first", () => {
  assert.match(partly(4, "LAGGED").line, /^INCOMPLETE: no violation found, but only 4\/10 MUST verified/);
  assert.match(partly(5, "LAGGED").line, /^NO VIOLATIONS FOUND: 5\/10/);
});

test("a suite can put the line in its own words, but not change the exit code", () => {
  const summary = summarize(LEDGER, [result("t", { "A-1": ["fail"] })], { spec: "1.0" });
  const words: Words = {
    ...WORDS,
    verdict: ({ kind, summary: own, target }) =>
      kind === "no-verdict" ? undefined : `${target.url}: ${own?.must.violated} broken`,
  };
  const input = { target: TARGET, words, strict: false, requireComplete: false };
  const { kind, line, exitCode } = decide({ ...input, summary });
  assert.equal([kind, line, exitCode], ["not-conformant", "http://h: 1 broken", 1]);
  assert.is(decide({ ...input, noVerdict: "gone" }).line, "NO VERDICT: gone");
});

test.run();

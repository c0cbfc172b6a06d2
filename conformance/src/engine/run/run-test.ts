import { setMaxListeners } from "node:events";
import { performance } from "node:perf_hooks";
import { type RequestKind, requestKind } from "../../suites/tidemark/mechanism.ts";
import { TestContext } from "../../suites/tidemark/server/context/context.ts";
import { unmetNeed } from "../../suites/tidemark/server/needs.ts";
import type { Target } from "../../suites/tidemark/server/target.ts";
import type { Control } from "../drive/control.ts";
import type { Driver } from "../drive/driver.ts";
import type { Requirement } from "../model/ledger.ts";
import type { Outcome, ReasonCode } from "../model/outcome.ts";
import type { RequirementResult, TestResult } from "../model/result.ts";
import { recordExchanges } from "../wire/transcript.ts";
import { Checks, testOutcome } from "./checks.ts";
import type { TestDefinition } from "./definition.ts";
import type { LagMonitor } from "./lag.ts";
import { createRandom, seedFor } from "./random.ts";
import { reproduction } from "./reproduction.ts";
import { NotApplicable, Undecided } from "./undecided.ts";

/** What the tests of one run share. */
export interface RunEnvironment {
  readonly target: Target;
  readonly driver: Driver | undefined;
  readonly control?: Control | undefined;
  readonly ledger: ReadonlyMap<string, Requirement>;
  readonly lag: LagMonitor;
  readonly seed: number;
  readonly strict: boolean;
  readonly signal: AbortSignal;
  readonly channelName: (test: TestDefinition, n: number) => string;
}

/** How a test ended, before its checks are added up. */
interface Ending {
  readonly kind: "done" | "n/a" | "not-run" | "undecided" | "error" | "stopped";
  readonly code?: ReasonCode;
  readonly detail?: string;
}

/** The longest that a test may run beyond its `waitsMs`: many late answers add up. */
export const TEST_LIMIT_MS = 60_000;

/** Run one test. It never rejects: an error of the suite is an outcome too. */
export async function runTest(test: TestDefinition, env: RunEnvironment): Promise<TestResult> {
  const unmet = unmetNeed(test.needs ?? [], env.target, env.driver);
  if (unmet) return skippedResult(test, env, unmet.outcome, unmet.reason, unmet.detail);
  const checks = new Checks(test.requirements, env.ledger, env.strict);
  const stop = new AbortController();
  const signal = AbortSignal.any([env.signal, stop.signal]);
  setMaxListeners(0, signal); // one listener for each pending request
  const t = new TestContext({
    target: env.target,
    driver: env.driver,
    control: env.control,
    checks,
    lag: env.lag,
    random: createRandom(seedFor(env.seed, test.id)),
    signal,
    channelName: (n) => env.channelName(test, n),
  });
  const limitMs = TEST_LIMIT_MS + (test.waitsMs ?? 0);
  const late = `stopped after ${limitMs / 1_000} s: the target answers too late, or not at all`;
  const timer = setTimeout(() => stop.abort(new Undecided("PRECONDITION_FAILED", late)), limitMs);
  const ending = await attempt(test, t, env.signal);
  clearTimeout(timer);
  for (const exchange of t.exchanges) exchange.abort();
  return toResult(test, t, checks, ending, env);
}

async function attempt(test: TestDefinition, t: TestContext, run: AbortSignal): Promise<Ending> {
  try {
    await test.run(t);
    return { kind: "done" };
  } catch (error) {
    if (run.aborted) return { kind: "stopped" };
    if (error instanceof NotApplicable) return { kind: "n/a", detail: error.message };
    if (error instanceof Undecided && error.code.startsWith("NEEDS_"))
      return { kind: "not-run", code: error.code, detail: error.message };
    if (error instanceof Undecided) return { kind: "undecided", code: error.code, detail: error.message };
    return { kind: "error", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function toResult(
  test: TestDefinition,
  t: TestContext,
  checks: Checks,
  ending: Ending,
  env: RunEnvironment,
): TestResult {
  if (ending.kind === "stopped")
    return skippedResult(test, env, "not-run", stopReason(env.signal), "stopped");
  if (ending.kind === "not-run" && checks.firstFailure === undefined)
    return skippedResult(test, env, "not-run", ending.code, env.target.redact(ending.detail ?? ""));
  const requirements = requirementResults(test, checks, ending, t, env);
  const outcome: Outcome = ending.kind === "error" ? "error" : testOutcome(requirements);
  const { redact } = env.target;
  const evident = outcome !== "pass" && outcome !== "n/a" && outcome !== "info";
  const first = requirements.find((row) => row.reason !== undefined);
  const reason = ending.code ?? (outcome === "inconclusive" ? first?.reason : undefined);
  const detail = ending.detail ?? (outcome === "inconclusive" ? first?.detail : undefined);
  const curl = evident ? reproduction(t, checks.firstFailure) : undefined;
  return {
    id: test.id,
    title: test.title,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail: redact(detail) }),
    candidate: test.candidate ?? false,
    requirements: requirements.map((row) => redactEvidence(row, redact)),
    durationMs: Math.round(performance.now() - t.startedAt),
    notes: t.notes.map(redact),
    exchanges: recordExchanges(t.exchanges, t.startedAt, redact),
    ...(curl === undefined ? {} : { curl: redact(curl) }),
  };
}

function requirementResults(
  test: TestDefinition,
  checks: Checks,
  ending: Ending,
  t: TestContext,
  env: RunEnvironment,
): RequirementResult[] {
  const lagged = t.isLate;
  const early =
    ending.kind === "undecided" || ending.kind === "error"
      ? { code: ending.code ?? "CONTROL_FAILED", detail: ending.detail ?? "" }
      : undefined;
  const kindOf = (exchange: number): RequestKind => {
    const request = t.exchanges[exchange]?.request;
    return request ? requestKind(request) : "other";
  };
  const results = checks.results(lagged, early as { code: ReasonCode; detail: string } | undefined, kindOf);
  if (ending.kind !== "n/a") return results;
  const failed = results.filter(({ outcome }) => outcome === "fail" || outcome === "warn");
  return failed.length > 0 ? failed : rows(test, env, "n/a", undefined);
}

function rows(
  test: TestDefinition,
  env: RunEnvironment,
  outcome: Outcome,
  reason: ReasonCode | undefined,
): RequirementResult[] {
  return test.requirements.map((requirement) => ({
    requirement,
    level: env.ledger.get(requirement)?.level ?? "MUST",
    outcome,
    ...(reason === undefined ? {} : { reason }),
    evidence: [],
    checks: 0,
  }));
}

/** The result of a test that was not run. */
export function skippedResult(
  test: TestDefinition,
  env: RunEnvironment,
  outcome: "not-run" | "n/a",
  reason: ReasonCode | undefined,
  detail: string,
): TestResult {
  return {
    id: test.id,
    title: test.title,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    detail,
    candidate: test.candidate ?? false,
    requirements: rows(test, env, outcome, reason),
    durationMs: 0,
    notes: [],
    exchanges: [],
  };
}

/** Why a run was stopped: its budget was used up, or the user interrupted it. */
export function stopReason(signal: AbortSignal): ReasonCode {
  return signal.reason === "BUDGET" ? "BUDGET" : "INTERRUPTED";
}

function redactEvidence(row: RequirementResult, redact: (text: string) => string): RequirementResult {
  const evidence = row.evidence.map((item) => ({
    ...item,
    expected: redact(item.expected),
    actual: redact(item.actual),
  }));
  return { ...row, evidence, ...(row.detail === undefined ? {} : { detail: redact(row.detail) }) };
}

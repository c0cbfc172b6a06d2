import { setMaxListeners } from "node:events";
import { performance } from "node:perf_hooks";
import type { Ledger } from "../model/ledger.ts";
import type { Outcome, ReasonCode } from "../model/outcome.ts";
import type { RequirementResult, TestResult } from "../model/result.ts";
import { Checks, NotApplicable, testOutcome, Undecided } from "./checks.ts";
import { createRandom, type RunContext } from "./context.ts";
import type { Found, RunTools } from "./suite.ts";
import type { Test } from "./test.ts";

/** What the tests of one run share. */
export interface RunEnvironment<Context extends RunContext = RunContext, Need extends string = string>
  extends Omit<RunTools, "id"> {
  readonly found: Found<Context, Need>;
  readonly ledger: Ledger;
  readonly strict: boolean;
  /** The longest that a test may run beyond its `waitsMs`: many late answers add up. */
  readonly testLimitMs: number;
}

/** How a test ended, before its checks are added up. */
interface Ending {
  readonly kind: "done" | "n/a" | "not-run" | "undecided" | "error" | "stopped";
  readonly code?: ReasonCode;
  readonly detail?: string;
  readonly partial?: boolean;
}

/** What came of one attempt at a test. */
export interface Attempt {
  readonly result: TestResult;
  /** The test failed, but only with claims that more time could have made true. */
  readonly isDoubtful: boolean;
}

/** Run one test. It never rejects: an error of the suite is an outcome too. */
export async function runTest<Context extends RunContext, Need extends string>(
  test: Test<Context, Need>,
  env: RunEnvironment<Context, Need>,
  attempt = 1,
  onEnd: (t: Context) => void = () => undefined,
): Promise<Attempt> {
  const unmet = env.found.unmet(test.needs ?? []);
  if (unmet) return { result: skippedResult(test, env.ledger, unmet), isDoubtful: false };
  const checks = new Checks(test.requirements, env.ledger, env.strict);
  const stop = new AbortController();
  const signal = AbortSignal.any([env.signal, stop.signal]);
  setMaxListeners(0, signal); // one listener for each pending request
  const random = createRandom(seedFor(env.seed, test.id));
  const t = env.found.context(test, { checks, lag: env.lag, random, signal, attempt });
  const limitMs = env.testLimitMs + (test.waitsMs ?? 0);
  const late = `stopped after ${limitMs / 1_000} s: the target answers too late, or not at all`;
  const timer = setTimeout(() => stop.abort(new Undecided("PRECONDITION_FAILED", late)), limitMs);
  const ending = await endingOf(test, t, env.signal);
  if (!signal.aborted) await t.conclude();
  clearTimeout(timer);
  t.end();
  onEnd(t);
  const result = toResult(test, t, checks, ending, env);
  const hasFailed = result.outcome === "fail" || result.outcome === "warn";
  return { result, isDoubtful: hasFailed && checks.failedOnlyOnTime };
}

/** A seed for one test, from the run's seed and the test's id: a replay makes the same choices as the run. */
function seedFor(seed: number, id: string): number {
  let hash = seed >>> 0;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

async function endingOf<Context extends RunContext>(
  test: Test<Context>,
  t: Context,
  run: AbortSignal,
): Promise<Ending> {
  try {
    await t.begin();
    await test.run(t);
    return { kind: "done" };
  } catch (error) {
    if (run.aborted) return { kind: "stopped" };
    if (error instanceof NotApplicable) return { kind: "n/a", detail: error.message };
    if (error instanceof Undecided && error.partial)
      return { kind: "undecided", code: error.code, detail: error.message, partial: true };
    if (error instanceof Undecided && error.code.startsWith("NEEDS_"))
      return { kind: "not-run", code: error.code, detail: error.message };
    if (error instanceof Undecided) return { kind: "undecided", code: error.code, detail: error.message };
    return { kind: "error", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function toResult(
  test: Test,
  t: RunContext,
  checks: Checks,
  ending: Ending,
  env: RunEnvironment,
): TestResult {
  const { redact } = env;
  if (ending.kind === "stopped") return skippedResult(test, env.ledger, stopped(env.signal, "stopped"));
  if (ending.kind === "not-run" && checks.firstFailure === undefined)
    return skippedResult(test, env.ledger, {
      outcome: "not-run",
      ...(ending.code === undefined ? {} : { reason: ending.code }),
      detail: redact(ending.detail ?? ""),
    });
  const requirements = requirementResults(test, checks, ending, t, env.ledger);
  const outcome: Outcome = ending.kind === "error" ? "error" : testOutcome(requirements);
  const evident = outcome !== "pass" && outcome !== "n/a" && outcome !== "info";
  const first = requirements.find((row) => row.reason !== undefined);
  const isRefused = requirements.some((row) => row.reason === "REFUSED");
  const reason = isRefused
    ? "REFUSED"
    : (ending.code ?? (outcome === "inconclusive" ? first?.reason : undefined));
  const detail = ending.detail ?? (outcome === "inconclusive" ? first?.detail : undefined);
  const curl = evident ? t.reproduction(checks.firstFailure) : undefined;
  return {
    ...identityOf(test),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail: redact(detail) }),
    requirements: requirements.map((row) => redactEvidence(row, redact)),
    durationMs: Math.round(performance.now() - t.startedAt),
    notes: t.notes.map(redact),
    exchanges: t.records(),
    ...(curl === undefined ? {} : { curl: redact(curl) }),
  };
}

function requirementResults(
  test: Test,
  checks: Checks,
  ending: Ending,
  t: RunContext,
  ledger: Ledger,
): RequirementResult[] {
  const isEarly = ending.kind === "undecided" || ending.kind === "error";
  const early = isEarly
    ? {
        code: ending.code ?? ("CONTROL_FAILED" as const),
        detail: ending.detail ?? "",
        partial: ending.partial ?? false,
      }
    : undefined;
  const results = checks.results(t.isLate, early, (index) => t.kindOf(index)).map((row) => t.adjust(row));
  if (ending.kind !== "n/a") return results;
  const failed = results.filter(({ outcome }) => outcome === "fail" || outcome === "warn");
  return failed.length > 0 ? failed : rows(test, ledger, "n/a", undefined);
}

function rows(
  test: Test,
  ledger: Ledger,
  outcome: Outcome,
  reason: ReasonCode | undefined,
): RequirementResult[] {
  return test.requirements.map((requirement) => ({
    requirement,
    level: ledger.get(requirement)?.level ?? "MUST",
    outcome,
    ...(reason === undefined ? {} : { reason }),
    evidence: [],
    checks: 0,
  }));
}

/** The result of a test that was not run. */
export function skippedResult(
  test: Test,
  ledger: Ledger,
  { outcome, reason, detail }: Pick<TestResult, "reason"> & { outcome: "not-run" | "n/a"; detail: string },
): TestResult {
  return {
    ...identityOf(test),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    detail,
    requirements: rows(test, ledger, outcome, reason),
    durationMs: 0,
    notes: [],
    exchanges: [],
  };
}

function identityOf({ id, title, candidate = false }: Test): Pick<TestResult, "id" | "title" | "candidate"> {
  return { id, title, candidate };
}

/** Why a run was stopped: its budget was used up, or the user interrupted it. */
export function stopped(
  signal: AbortSignal,
  detail: string,
): { readonly outcome: "not-run"; readonly reason: ReasonCode; readonly detail: string } {
  return { outcome: "not-run", reason: signal.reason === "BUDGET" ? "BUDGET" : "INTERRUPTED", detail };
}

function redactEvidence(row: RequirementResult, redact: (text: string) => string): RequirementResult {
  const evidence = row.evidence.map((item) => ({
    ...item,
    expected: redact(item.expected),
    actual: redact(item.actual),
  }));
  return { ...row, evidence, ...(row.detail === undefined ? {} : { detail: redact(row.detail) }) };
}

import { performance } from "node:perf_hooks";
import type { Requirement } from "../../../engine/model/ledger.ts";
import type { Outcome, ReasonCode } from "../../../engine/model/outcome.ts";
import type { RequirementResult, TestResult } from "../../../engine/model/result.ts";
import { Checks, testOutcome } from "../../../engine/run/checks.ts";
import type { LagMonitor } from "../../../engine/run/lag.ts";
import { createRandom, seedFor } from "../../../engine/run/random.ts";
import { NotApplicable, Undecided } from "../../../engine/run/undecided.ts";
import { ClientContext } from "./client-context.ts";
import type { ClientNeed, ClientTestDefinition } from "./client-definition.ts";
import type { Hello } from "./contract.ts";
import type { Harness } from "./harness.ts";
import type { Origin } from "./origin.ts";

/** What the tests of one run share. */
export interface ClientEnvironment {
  readonly hello: Hello;
  /** Number of this attempt at the test, from 1; each attempt has its own channels. */
  readonly attempt: number;
  readonly harness: Harness;
  readonly origin: Origin;
  readonly ledger: ReadonlyMap<string, Requirement>;
  readonly lag: LagMonitor;
  readonly seed: number;
  readonly strict: boolean;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Called if the test failed, but only with claims that more time could have made true. */
  readonly onDoubt: () => void;
}

/** How a test ended, before its checks are evaluated. */
interface Ending {
  readonly kind: "done" | "n/a" | "undecided" | "error" | "stopped";
  readonly code?: ReasonCode;
  readonly detail?: string;
}

/** Longest duration of a test beyond its declared waits, so that a hang in the suite does not hang the run. */
const TEST_LIMIT_MS = 90_000;

/** If this process lags this much, so may the client, and its own timeouts may have expired. */
const STARVED_MS = 1_000;

/** Run one test. Never rejects: a fault of the suite is an outcome too. */
export async function runClientTest(test: ClientTestDefinition, env: ClientEnvironment): Promise<TestResult> {
  const missing = test.needs.find((need) => !claims(env.hello, need));
  if (missing !== undefined) return skippedTest(test, env, "n/a", undefined, `${missing} is not claimed`);
  const checks = new Checks(test.requirements, env.ledger, env.strict);
  const stop = new AbortController();
  const t = new ClientContext({
    ...env,
    checks,
    random: createRandom(seedFor(env.seed, test.id)),
    signal: AbortSignal.any([env.signal, stop.signal]),
    path: (n) => `/${test.id}/${env.attempt === 1 ? n : `${n}-${env.attempt}`}`,
  });
  const limitMs = TEST_LIMIT_MS + (test.waitsMs ?? 0);
  const timer = setTimeout(() => stop.abort(new Error("the test did not end")), limitMs);
  const ending = await attempt(test, t, env.signal);
  clearTimeout(timer);
  t.end();
  return toResult(test, t, checks, ending, env);
}

/** Whether the client claims what a test needs. */
function claims({ mechanisms, capabilities }: Hello, need: ClientNeed): boolean {
  const claimed: readonly ClientNeed[] = [...mechanisms, ...capabilities];
  return claimed.includes(need);
}

async function attempt(test: ClientTestDefinition, t: ClientContext, run: AbortSignal): Promise<Ending> {
  try {
    await test.run(t);
    return { kind: "done" };
  } catch (error) {
    if (run.aborted) return { kind: "stopped" };
    if (error instanceof NotApplicable) return { kind: "n/a", detail: error.message };
    if (error instanceof Undecided) return { kind: "undecided", code: error.code, detail: error.message };
    return { kind: "error", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function toResult(
  test: ClientTestDefinition,
  t: ClientContext,
  checks: Checks,
  ending: Ending,
  env: ClientEnvironment,
): TestResult {
  if (ending.kind === "stopped") {
    const reason = env.signal.reason === "BUDGET" ? "BUDGET" : "INTERRUPTED";
    return skippedTest(test, env, "not-run", reason, "stopped");
  }
  const requirements = requirementResults(test, t, checks, ending, env);
  const outcome: Outcome = ending.kind === "error" ? "error" : testOutcome(requirements);
  if ((outcome === "fail" || outcome === "warn") && checks.failedOnlyOnTime) env.onDoubt();
  const first = requirements.find((row) => row.reason !== undefined);
  const reason = ending.code ?? (outcome === "inconclusive" ? first?.reason : undefined);
  const detail = ending.detail ?? (outcome === "inconclusive" ? first?.detail : undefined);
  return {
    ...identity(test),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    requirements,
    durationMs: Math.round(performance.now() - t.startedAt),
    notes: t.notes,
    exchanges: t.requests.map((request) => request.record(env.origin.url, t.startedAt)),
  };
}

function requirementResults(
  test: ClientTestDefinition,
  t: ClientContext,
  checks: Checks,
  ending: Ending,
  env: ClientEnvironment,
): readonly RequirementResult[] {
  const early =
    ending.kind === "undecided" || ending.kind === "error"
      ? { code: ending.code ?? ("CONTROL_FAILED" as const), detail: ending.detail ?? "" }
      : undefined;
  const results = checks.results(t.isLate, early).map((row) => excuse(row, t.lagMs));
  if (ending.kind !== "n/a") return results;
  const failed = results.filter(({ outcome }) => outcome === "fail" || outcome === "warn");
  return failed.length > 0 ? failed : skippedRows(test, env, "n/a", undefined);
}

/** Make a failure inconclusive if this process lagged: on the same machine, the client's timeouts may have expired. */
function excuse(row: RequirementResult, lagMs: number): RequirementResult {
  if (lagMs < STARVED_MS || (row.outcome !== "fail" && row.outcome !== "warn")) return row;
  const detail = `this process was ${Math.round(lagMs)} ms late itself`;
  return { ...row, outcome: "inconclusive", reason: "LAGGED", detail };
}

/** The result of a test that was not run. */
export function skippedTest(
  test: ClientTestDefinition,
  env: Pick<ClientEnvironment, "ledger">,
  outcome: "not-run" | "n/a",
  reason: ReasonCode | undefined,
  detail: string,
): TestResult {
  return {
    ...identity(test),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    detail,
    requirements: skippedRows(test, env, outcome, reason),
    durationMs: 0,
    notes: [],
    exchanges: [],
  };
}

function identity({
  id,
  title,
  candidate = false,
}: ClientTestDefinition): Pick<TestResult, "id" | "title" | "candidate"> {
  return { id, title, candidate };
}

function skippedRows(
  test: ClientTestDefinition,
  { ledger }: Pick<ClientEnvironment, "ledger">,
  outcome: "not-run" | "n/a",
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

import type { ExchangeRecord } from "../wire/transcript.ts";
import type { Level } from "./ledger.ts";
import type { Outcome, ReasonCode } from "./outcome.ts";

/** One check, with what was expected and what came. */
export interface Evidence {
  readonly ok: boolean;
  /** What was checked: "the page's cursor". */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** Index of the exchange that shows it, in the test's exchanges. */
  readonly exchange?: number;
}

/** How many checks were made and how many failed, by kind of request: `poll`, `sse`, `other`, … */
export interface CheckCounts {
  readonly [kind: string]: { readonly made: number; readonly failed: number };
}

/** What a test found about one requirement. */
export interface RequirementResult {
  readonly requirement: string;
  readonly level: Level;
  readonly outcome: Outcome;
  readonly reason?: ReasonCode;
  readonly detail?: string;
  /** The failed checks; for a requirement that was met, only the last check. */
  readonly evidence: readonly Evidence[];
  readonly checks: number;
  /** The number of checks by kind of request. */
  readonly by?: CheckCounts;
}

/** A day, as 2026-12-31.
 * @pattern ^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$
 */
export type Day = string;

/** A known failure. It does not count as a violation until its last day is over, or until the test passes. */
export interface KnownFailure {
  /** The test's id. */
  readonly test: string;
  /**
   * Why it fails, in words.
   * @minLength 1
   */
  readonly reason: string;
  /** A link to the issue. */
  readonly issue?: string;
  /** The last day on which it may fail. */
  readonly until?: Day;
}

/** The result of one test. */
export interface TestResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly reason?: ReasonCode;
  readonly detail?: string;
  /** Reported, but does not count in the verdict. */
  readonly candidate: boolean;
  /** The entry of the baseline that excuses the failure. */
  readonly known?: KnownFailure;
  readonly requirements: readonly RequirementResult[];
  readonly durationMs: number;
  /** Observations that no requirement is about. */
  readonly notes: readonly string[];
  readonly exchanges: readonly ExchangeRecord[];
  /** A command or a short script that reproduces the failure. */
  readonly curl?: string;
}

import type { KnownFailure } from "../baseline/baseline.ts";
import type { Level } from "../ledger/ledger.ts";
import type { RequestKind } from "../wire/mechanism.ts";
import type { ExchangeRecord } from "../wire/transcript.ts";
import type { Outcome, ReasonCode } from "./outcome.ts";

/** One thing that was looked at, with what should be and what was. */
export interface Evidence {
  readonly ok: boolean;
  /** What was looked at: "the page's cursor". */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** Index of the exchange that shows it, in the test's exchanges. */
  readonly exchange?: number;
}

/** How many checks were made and failed, by the way of the protocol that the request went. */
export type CheckCounts = {
  readonly [kind in RequestKind]?: { readonly made: number; readonly failed: number };
};

/** What a test found out about one requirement. */
export interface RequirementResult {
  readonly requirement: string;
  readonly level: Level;
  readonly outcome: Outcome;
  readonly reason?: ReasonCode;
  readonly detail?: string;
  /** Every check of a requirement that was not met; else a count is enough. */
  readonly evidence: readonly Evidence[];
  readonly checks: number;
  /** The checks by the way of the protocol that was looked at. */
  readonly by?: CheckCounts;
}

/** What became of one test. */
export interface TestResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly reason?: ReasonCode;
  readonly detail?: string;
  /** Reported, but without weight in the verdict. */
  readonly candidate: boolean;
  /** The entry of the baseline that takes the blame off it. */
  readonly known?: KnownFailure;
  readonly requirements: readonly RequirementResult[];
  readonly durationMs: number;
  /** What was observed and binds nobody. */
  readonly notes: readonly string[];
  readonly exchanges: readonly ExchangeRecord[];
  /** A command, or a short script, that shows it again. */
  readonly curl?: string;
}

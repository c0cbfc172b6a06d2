import type { Ledger, Requirement } from "../model/ledger.ts";
import type { ReasonCode } from "../model/outcome.ts";
import type { TargetReport, Words } from "../model/words.ts";
import type { ExtraHeader, Redactor } from "../wire/secrets.ts";
import type { ContextTools, RunContext } from "./context.ts";
import type { LagMonitor } from "./lag.ts";
import type { RunOptions } from "./options.ts";
import type { Test } from "./test.ts";

/** Why there is no verdict on a target. */
export class NoVerdict extends Error {
  override readonly name = "NoVerdict";
}

/** Why a test cannot run, or does not apply. */
export interface Unmet {
  /** `n/a`: the target does not offer it; `not-run`: the suite cannot do it here. */
  readonly outcome: "not-run" | "n/a";
  readonly reason?: ReasonCode;
  readonly detail: string;
}

/** What one run gives to discovery. */
export interface RunTools {
  /** Random, for names that no other run uses. */
  readonly id: string;
  readonly seed: number;
  /** Aborted when the run has to end. */
  readonly signal: AbortSignal;
  readonly lag: LagMonitor;
  /** Hides the secrets of the options. Every text that leaves a test passes through it. */
  readonly redact: Redactor;
}

/** A target that discovery found: what reports say about it, what binds it, and the contexts of its tests. */
export interface Found<Context extends RunContext = RunContext, Need extends string = string> {
  /** Without secrets. */
  readonly report: Omit<TargetReport, "url" | "identity">;
  /** The requirements as they bind this target, if what it promises lifts some of them. @defaultValue the suite's */
  readonly ledger?: Ledger;
  /** Whether the target claims the requirement's chapter. */
  binds(requirement: Requirement): boolean;
  /** The first need of a test that is not met, if any. */
  unmet(needs: readonly Need[]): Unmet | undefined;
  context(test: Test<Context, Need>, tools: ContextTools): Context;
  /** Called after each attempt at a test, while others run: remove what it left at the target. */
  tidy?(t: Context): Promise<void>;
  /** Called after all tests: why the target is gone, if it is. There is no verdict then, unless it violates something. */
  lost?(): Promise<string | undefined>;
  /** Called once, at the end of the run. */
  end?(): Promise<void>;
}

/**
 * A conformance suite as a value: requirements, discovery, contexts, tests and words. The engine runs, reports,
 * compares and replays any suite.
 */
export interface Suite<
  Options extends RunOptions = RunOptions,
  Context extends RunContext = RunContext,
  Need extends string = string,
> {
  /** Also the first step of its tests' ids, and its command. */
  readonly name: string;
  /** Whose requirements it tests: `subject` in the ledger. */
  readonly subject: string;
  /** The version of the document. */
  readonly version: string;
  readonly ledger: Ledger;
  readonly words: Words;
  readonly tests: readonly Test<Context, Need>[];
  /** How many tests run at once by default. */
  readonly jobs: number;
  /** The longest that a test may run beyond its `waitsMs`. */
  readonly testLimitMs: number;
  /** Whether a test is retried, alone, if it failed only because something took too long. */
  readonly retriesSlow: boolean;
  /** What the options call the target; without credentials. */
  nameOf(options: Options): string;
  /** The header fields of the options whose values must not be printed. */
  secretsOf?(options: Options): readonly ExtraHeader[];
  /** Find out what the target offers. @throws {NoVerdict} when it cannot be tested; everything is released then */
  discover(options: Options, run: RunTools): Promise<Found<Context, Need>>;
}

/** The observable requirements of a suite. */
export function observable({ ledger, subject }: Pick<Suite, "ledger" | "subject">): Requirement[] {
  return [...ledger.values()].filter((row) => row.subject === subject && row.observable);
}

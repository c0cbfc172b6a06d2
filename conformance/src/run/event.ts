import type { BaselineFault } from "../baseline/baseline.ts";
import type { TestResult } from "../model/result.ts";
import type { Summary } from "../model/summary.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Grade } from "./target.ts";

/** What is known of the target, without secrets. */
export interface TargetReport {
  readonly url: string;
  readonly template?: string;
  readonly mechanisms: readonly string[];
  readonly publish: boolean;
  readonly grade?: Grade;
  readonly driver?: string;
  /** The `Tidemark` field as it came. */
  readonly claimed?: string;
  /** Who is tested, as the user names it. */
  readonly identity?: { readonly name: string; readonly version?: string };
}

/** Everything that a run found out. */
export interface RunReport {
  /** False until the run is over: a file that says so was cut short. */
  readonly complete: boolean;
  readonly suite: string;
  readonly spec: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly target: TargetReport;
  readonly verdict: Verdict;
  readonly summary?: Summary;
  /** Entries of the baseline that are not right any more; absent without a baseline. */
  readonly baselineFaults?: readonly BaselineFault[];
  /** The command line that runs this again, without the program; secrets are named by their variables. */
  readonly invocation?: readonly string[];
  readonly tests: readonly TestResult[];
}

/** What happens in a run, in order. */
export type RunEvent =
  | { readonly type: "run-started"; readonly url: string; readonly seed: number; readonly spec: string }
  | { readonly type: "target-found"; readonly target: TargetReport; readonly tests: number }
  | { readonly type: "test-started"; readonly id: string }
  | { readonly type: "test-finished"; readonly result: TestResult }
  | { readonly type: "run-finished"; readonly report: RunReport };

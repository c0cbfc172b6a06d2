import type { BaselineFault } from "../baseline/baseline.ts";
import type { TestResult } from "./result.ts";
import type { Summary } from "./summary.ts";
import type { TargetReport, Verdict } from "./words.ts";

/** Everything that a run found. */
export interface RunReport {
  /** False until the run is over. A file that says false is of an interrupted run. */
  readonly complete: boolean;
  /** The version of the package. */
  readonly suite: string;
  /** The suite's name, which is also its command: `server`, `client`, … */
  readonly suiteName: string;
  /** The version of the document that the requirements are from. */
  readonly spec: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly target: TargetReport;
  readonly verdict: Verdict;
  readonly summary?: Summary;
  /** Outdated entries of the baseline; absent without a baseline. */
  readonly baselineFaults?: readonly BaselineFault[];
  /** The arguments that repeat this run; secrets are named by their variables. */
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

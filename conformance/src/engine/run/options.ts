import type { Baseline } from "../baseline/baseline.ts";

/** The options that the runs of all suites have. */
export interface RunOptions {
  /** Globs over test ids: run only these, and skip these. */
  readonly run?: readonly string[];
  readonly skip?: readonly string[];
  /** Globs over requirement ids: run only tests that check one of them. */
  readonly requirements?: readonly string[];
  /** Count an unmet SHOULD as a violation. @defaultValue false */
  readonly strict?: boolean;
  /** Exit with code 4 unless every MUST was verified. @defaultValue false */
  readonly requireComplete?: boolean;
  /** How many tests run at once. @defaultValue the suite's: 24 for servers, 16 for clients */
  readonly jobs?: number;
  /** The seed of all random choices. @defaultValue random, and reported */
  readonly seed?: number;
  /** Milliseconds after which no test starts and running tests are stopped. @defaultValue no limit */
  readonly budgetMs?: number;
  /** The name of the implementation under test, for reports. */
  readonly identity?: { readonly name: string; readonly version?: string };
  /** Known failures: they do not count as violations, but the run fails when one of them passes. */
  readonly baseline?: Baseline;
  /**
   * Called before discovery, for instance to start the target. It resolves to a function that is called at
   * the end, and may throw `NoVerdict`.
   */
  readonly prepare?: (signal: AbortSignal) => Promise<() => Promise<void>>;
  /** The arguments that repeat this run; they are part of reports. */
  readonly invocation?: readonly string[];
  /** Ends the run: running tests are stopped, and the results so far are reported. */
  readonly signal?: AbortSignal;
}

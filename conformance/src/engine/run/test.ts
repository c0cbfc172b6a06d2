import type { RunContext } from "./context.ts";

/** One test of a suite: the requirements that it decides, what it needs, and its code. */
export interface Test<Context extends RunContext = RunContext, Need extends string = string> {
  /** Immutable path below the suite's name: `server/sse/resume-prefers-last-event-id`. */
  readonly id: string;
  /** A sentence that is true of a conforming target. */
  readonly title: string;
  /** Every requirement that the test decides; a run of the test has to check each of them at least once. */
  readonly requirements: readonly string[];
  /** What the target, the user or the suite has to offer; see the suite's `unmet`. */
  readonly needs?: readonly Need[];
  /** Reported, but does not count in the verdict before the next frozen set of requirements. */
  readonly candidate?: boolean;
  /** The test disturbs the whole target, for instance by a restart: it runs alone, after all others. */
  readonly exclusive?: boolean;
  /**
   * Other traffic could wake the readers of the test: if it passes beside other tests, it runs again while nothing else
   * does, and that result counts.
   */
  readonly quiet?: boolean;
  /** Roughly how long the test waits, in milliseconds; the longest tests start first. */
  readonly waitsMs?: number;
  run(t: Context): Promise<void>;
}

import type { TestContext } from "../../suites/tidemark/server/context/context.ts";

/**
 * A precondition of a test.
 * - The target has to claim a mechanism, `publishing` (the protocol's own POST), `keys` or `event`; a `no-…`
 *   need is met if the target does not claim it. `declared`: only declared channels exist. Otherwise the test
 *   is `n/a`.
 * - The suite has to be able to `publish` in any way, to use its own `channels` (`any-channel`: at least to
 *   name one), or to `provoke` faults. Otherwise the test is `not-run`.
 * - The run has to send `credentials` or `cookies`. Otherwise the test is `n/a`.
 */
export type Need =
  | "poll"
  | "long-poll"
  | "sse"
  | "publishing"
  | "keys"
  | "event"
  | "no-sse"
  | "no-long-poll"
  | "no-publishing"
  | "no-keys"
  | "no-event"
  | "no-poll"
  | "declared"
  | "any-channel"
  | "publish"
  | "channels"
  | "provoke"
  | "credentials"
  | "cookies";

/** One test: the requirements that it decides, what it needs, and its code. */
export interface TestDefinition {
  /** Immutable path: `server/sse/resume-prefers-last-event-id`. */
  readonly id: string;
  /** A sentence that is true of a conforming server. */
  readonly title: string;
  /** Every requirement that the test decides; a run of the test has to check each of them at least once. */
  readonly requirements: readonly string[];
  readonly needs?: readonly Need[];
  /** Reported, but does not count in the verdict before the next frozen set of requirements. */
  readonly candidate?: boolean;
  /** The test disturbs the whole target, for instance by a restart: it runs alone, after all others. */
  readonly exclusive?: boolean;
  /** Roughly how long the test waits, in milliseconds; the longest tests start first. */
  readonly waitsMs?: number;
  readonly run: (t: TestContext) => Promise<void>;
}

import type { TestContext } from "../context/context.ts";

/**
 * What a test needs of the target. Mechanisms and capabilities have to be claimed, else the test is `n/a`:
 * `publishing` is the protocol's own POST, `keys` and `event` are its capabilities; `no-…` wants the opposite.
 * `declared` is a server that knows only channels that were declared. The others are about what the suite can do:
 * `publish` a message in any way, have `channels` of its own (or name one, `any-channel`), `provoke` faults: without
 * them the test is not run. `credentials` and `cookies` are what the target asks for: where it asks for none, `n/a`.
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

/** One test: what it shows, what it needs, and how it finds out. */
export interface TestDefinition {
  /** Immutable path: `server/sse/resume-prefers-last-event-id`. */
  readonly id: string;
  /** A sentence that is true of a conforming server. */
  readonly title: string;
  /** Every requirement that the test decides; each has to be checked at least once in a run of it. */
  readonly requirements: readonly string[];
  readonly needs?: readonly Need[];
  /** Reported without weight, until the next frozen set of requirements. */
  readonly candidate?: boolean;
  /** It disturbs the whole target, as a restart does: it runs alone, after all others. */
  readonly exclusive?: boolean;
  /** About how long it has to wait, in milliseconds; the longest begin first. */
  readonly waitsMs?: number;
  readonly run: (t: TestContext) => Promise<void>;
}

import type { Test } from "../../../engine/run/test.ts";
import type { TestContext } from "./context/context.ts";

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

/** One test of a server. */
export type TestDefinition = Test<TestContext, Need>;

import type { Test } from "../../../engine/run/test.ts";
import type { TestContext } from "./context/context.ts";

/**
 * A precondition of a test.
 * - The target has to claim a mechanism, `publishing` (the protocol's own POST), `keys` or `event`; a `no-…`
 *   need is met if the target does not claim it. `declared`: only declared channels exist. Otherwise the test
 *   is `n/a`.
 * - There have to be `messages`: the suite publishes them, or uses those of the one channel that it may only read.
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
  | "messages"
  | "publish"
  | "channels"
  | "provoke"
  | "credentials"
  | "cookies";

/** One test of a server. */
export type TestDefinition = Test<TestContext, Need>;

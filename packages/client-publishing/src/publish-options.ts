import type { TransportOptions } from "@tidemark/client-core/kit";
import type { Cursor } from "@tidemark/protocol";

/** How to publish. */
export interface PublishOptions extends TransportOptions {
  /** Close the channel after the messages. @defaultValue false */
  readonly close?: boolean;
  /** Publish only if this is still the channel's end; else an AnswerError `not-at-end` names the end. */
  readonly after?: Cursor;
  /**
   * Identifies this publish, so that the server carries it out only once, however often it is sent. `null`:
   * no key; the client then does not retry if the outcome is unknown. @defaultValue 128 random bits
   */
  readonly key?: string | null;
  /**
   * How many attempts to make before the last error is thrown.
   * @defaultValue 10, but 3 if the answers are not from a Tidemark server
   */
  readonly maxAttempts?: number;
}

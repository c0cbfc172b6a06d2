import type { TransportOptions } from "@tidemark/client-core/kit";
import type { Cursor } from "@tidemark/protocol";

/** How to publish. */
export interface PublishOptions extends TransportOptions {
  /** Close the channel after the messages. @defaultValue false */
  readonly close?: boolean;
  /** Publish only if this is still the end of the channel; else an AnswerError `not-at-end` that names the end. */
  readonly after?: Cursor;
  /**
   * Names this publish, so that the server carries it out once however often it is asked; `null`: no key, and nothing
   * whose outcome is unknown is tried again. @defaultValue 128 random bits
   */
  readonly key?: string | null;
  /** How often to try before the last error is thrown. @defaultValue 10; 3 if another than a Tidemark server answers */
  readonly maxAttempts?: number;
}

import type { PublishStep } from "./steps.ts";

/** A publish as it was requested. */
export interface PublishAsked {
  readonly step: PublishStep;
  readonly body: string | Uint8Array;
  /** What the body says, however it is written. */
  readonly members: string;
  /** The position in `after`. */
  readonly after: string | undefined;
  /** `performance.now()` when it was sent. */
  readonly at: number;
}

/** A read without a stream, as it was requested. */
export interface ReadAsked {
  /** `hold` is a long poll that may be held. */
  readonly by: "poll" | "now" | "hold";
  readonly position: string | undefined;
  readonly filter: string | undefined;
  readonly ifGap: "start" | "end" | undefined;
  readonly limit: number | undefined;
  readonly waitS: number;
  readonly head: boolean;
  /** The value of `If-None-Match`. */
  readonly match: string | undefined;
  readonly isFaulty: boolean;
  readonly http10: boolean;
}

/** What the server claims, as far as responses depend on it. */
export interface Terms {
  readonly claimed: string;
  readonly maxLimit: number | undefined;
  /** How long an idempotency key is remembered, in seconds. */
  readonly keyTtlS: number | undefined;
}

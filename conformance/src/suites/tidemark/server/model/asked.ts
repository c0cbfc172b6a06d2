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
  readonly match: string | undefined;
  readonly isFaulty: boolean;
  readonly http10: boolean;
}

/** What the server claims, as far as responses depend on it. */
export interface Terms {
  readonly claimed: string;
  readonly maxLimit: number | undefined;
}

import type { Target } from "../target.ts";

/** What the histories may use of a target. */
export interface Offers {
  readonly longPoll: boolean;
  readonly sse: boolean;
  readonly filter: boolean;
  readonly keys: boolean;
  /** How long keys live, if a history can wait for it, in seconds. */
  readonly keyTtlS: number | undefined;
  readonly trim: boolean;
  readonly restart: boolean;
  /** The claimed heartbeat, if a history can wait for it. */
  readonly heartbeatS: number | undefined;
  /** How many messages a channel keeps, if that is so few that a history notices. */
  readonly retains: number | undefined;
}

/** The longest that a history waits, in seconds. */
export interface Patience {
  readonly heartbeatS: number;
  readonly keyTtlS: number;
}

export function offersOf(target: Target, patience: Patience, retains: number | undefined): Offers {
  const { mechanisms, claims, control } = target;
  const { heartbeatS, keyTtlS, event } = claims;
  const sse = mechanisms.includes("sse");
  return {
    longPoll: mechanisms.includes("long-poll"),
    sse,
    filter: event,
    keys: keyTtlS !== undefined,
    keyTtlS: keyTtlS !== undefined && keyTtlS <= patience.keyTtlS ? keyTtlS : undefined,
    trim: control?.trim !== undefined || retains !== undefined,
    restart: control?.restart !== undefined,
    heartbeatS: sse && heartbeatS !== undefined && heartbeatS <= patience.heartbeatS ? heartbeatS : undefined,
    retains,
  };
}

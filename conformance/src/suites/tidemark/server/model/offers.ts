import type { Target } from "../target.ts";

/** What the histories may use of a target. */
export interface Offers {
  readonly longPoll: boolean;
  readonly sse: boolean;
  readonly filter: boolean;
  readonly keys: boolean;
  readonly trim: boolean;
  /** Also restart the server, which disturbs everything else. */
  readonly restart: boolean;
  /** The claimed heartbeat, if a history can wait for it. */
  readonly heartbeatS: number | undefined;
}

/** The shortest life of a key that a history does not outlive. */
const LASTING_KEY_S = 60;

const SHORT_HEARTBEAT_S = 2;

export function offersOf({ mechanisms, claims, control }: Target, mayRestart: boolean): Offers {
  const { heartbeatS, keyTtlS, event } = claims;
  const sse = mechanisms.includes("sse");
  return {
    longPoll: mechanisms.includes("long-poll"),
    sse,
    filter: event,
    keys: keyTtlS !== undefined && keyTtlS >= LASTING_KEY_S,
    trim: control?.trim !== undefined,
    restart: mayRestart && control?.restart !== undefined,
    heartbeatS: sse && heartbeatS !== undefined && heartbeatS <= SHORT_HEARTBEAT_S ? heartbeatS : undefined,
  };
}

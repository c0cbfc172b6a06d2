// A clock that does not run: a client's waits end at once, and are recorded.
import type { Delay } from "@tidemark/client-core/kit";

export interface NoClock {
  readonly delay: Delay;
  /** The waits so far, in milliseconds, without watchdogs and probes. */
  readonly waits: number[];
}

/** Waits for retries and polls take no time; watchdogs never expire, and no probe is ever due. */
export function noClock(): NoClock {
  const waits: number[] = [];
  const delay: Delay = async (ms, signal, purpose) => {
    if (purpose === "retry" || purpose === "poll") waits.push(ms);
    else await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  return { delay, waits };
}

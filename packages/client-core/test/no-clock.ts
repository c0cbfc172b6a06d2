// A clock that does not run: what a client waits for is over at once, and written down.
import type { Delay } from "../src/delay.ts";

export interface NoClock {
  readonly delay: Delay;
  /** The waits so far, watchdogs and probes aside, in milliseconds. */
  readonly waits: number[];
}

/** Waits for retries and polls take no time; watchdogs never bark, and no probe is ever due. */
export function noClock(): NoClock {
  const waits: number[] = [];
  const delay: Delay = async (ms, signal, purpose) => {
    if (purpose === "retry" || purpose === "poll") waits.push(ms);
    else await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  return { delay, waits };
}

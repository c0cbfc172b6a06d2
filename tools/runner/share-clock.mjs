// Time as a test should count it: a loaded machine does not make it run out sooner.
import { availableParallelism, loadavg } from "node:os";

/** A longer gap between two looks at the clock was time that this process did not get. */
const LONGEST_STEP_MS = 500;

/** How many processes want each core; at least 1. */
function crowding() {
  return Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
}

/**
 * Counts milliseconds by the share of the machine that one process gets: while more processes than cores want to run,
 * it goes slower. Look at it often: a gap of more than half a second between two looks counts as half a second.
 */
export class ShareClock {
  #ms = 0;
  #last = performance.now();

  /** Milliseconds since the clock was made or set back. */
  get ms() {
    const now = performance.now();
    this.#ms += Math.min(now - this.#last, LONGEST_STEP_MS) / crowding();
    this.#last = now;
    return this.#ms;
  }

  setBack() {
    this.#ms = 0;
    this.#last = performance.now();
  }
}

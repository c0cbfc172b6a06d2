// A clock for time limits in tests, which runs slower on a busy machine.
import { availableParallelism, loadavg } from "node:os";

/** A longer gap between two readings means that this process did not get to run. */
const LONGEST_STEP_MS = 500;

/** How many processes compete for each core; at least 1. */
function crowding() {
  return Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
}

/**
 * Counts milliseconds by the share of the machine that one process gets: it runs slower while there are more runnable
 * processes than cores. Read it often: a gap of more than half a second between two readings counts as half a second.
 */
export class ShareClock {
  #ms = 0;
  #last = performance.now();

  /** Milliseconds since the clock was created or set back. */
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

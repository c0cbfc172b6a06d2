// A time limit that a loaded machine does not shorten.
import { availableParallelism, loadavg } from "node:os";

const TICK_MS = 250;

/** How many processes want each core; at least 1. */
function crowding() {
  return Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
}

/**
 * Settle as `promise` does, or reject once it has had `seconds` of this machine to itself: while more processes than
 * cores want to run, time counts by the share that one process gets. `since()` answers when progress was last made, as
 * `performance.now()`; progress starts the limit again.
 * @param {Promise<unknown>} promise
 * @param {{ seconds: number, since?: () => number, what: () => string }} options
 */
export function limited(promise, { seconds, since = () => 0, what }) {
  let timer;
  let spentMs = 0;
  let seen = since();
  let last = performance.now();
  const late = new Promise((_, reject) => {
    timer = setInterval(() => {
      const now = performance.now();
      const progress = since();
      if (progress > seen) spentMs = 0;
      seen = progress;
      // A tick that comes late was not this program's time either.
      spentMs += Math.min(now - last, 2 * TICK_MS) / crowding();
      last = now;
      if (spentMs > seconds * 1000) reject(new Error(`still running after ${seconds} s: ${what()}`));
    }, TICK_MS);
  });
  return Promise.race([promise, late]).finally(() => clearInterval(timer));
}

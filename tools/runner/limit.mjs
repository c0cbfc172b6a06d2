// A time limit that a loaded machine does not shorten.
import { ShareClock } from "./share-clock.mjs";

const LOOK_MS = 250;

/**
 * Settle as `promise` does, or reject once it has had `seconds` of the machine to itself. `since()` answers when progress
 * was last made, as `performance.now()`; progress starts the limit again.
 * @param {Promise<unknown>} promise
 * @param {{ seconds: number, since?: () => number, what: () => string }} options
 */
export function limited(promise, { seconds, since = () => 0, what }) {
  let timer;
  let seen = since();
  const clock = new ShareClock();
  const late = new Promise((_, reject) => {
    timer = setInterval(() => {
      const progress = since();
      if (progress > seen) clock.setBack();
      seen = progress;
      if (clock.ms > seconds * 1000) reject(new Error(`still running after ${seconds} s: ${what()}`));
    }, LOOK_MS);
  });
  return Promise.race([promise, late]).finally(() => clearInterval(timer));
}

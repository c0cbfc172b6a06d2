// A time limit that is longer on a busy machine.
import { ShareClock } from "./share-clock.mjs";

const LOOK_MS = 250;

/**
 * Settle as `promise` does, or reject after `seconds`, measured by a {@link ShareClock}. `since()` returns the time of
 * the last progress, as `performance.now()`; progress restarts the limit.
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

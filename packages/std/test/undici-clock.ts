import { createRequire } from "node:module";

// undici's own clock for its timeouts, moved on by hand: an hour passes at once.
const clock: { tick(ms: number): void } = createRequire(import.meta.url)("undici/lib/util/timers.js");

/** As long as the longest wait. */
export const HOUR_MS = 3_600_000;

/** Let a time pass; a timeout is armed at one tick and fires at a later one. */
export function pass(ms: number): void {
  clock.tick(0);
  clock.tick(ms);
}

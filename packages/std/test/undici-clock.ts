import { createRequire } from "node:module";

// undici's own clock for timeouts, advanced by hand: an hour passes at once.
const clock: { tick(ms: number): void } = createRequire(import.meta.url)("undici/lib/util/timers.js");

/** The protocol's longest wait. */
export const HOUR_MS = 3_600_000;

/** Advance the clock. Two ticks: a timeout is armed at one, and fires at a later one. */
export function pass(ms: number): void {
  clock.tick(0);
  clock.tick(ms);
}

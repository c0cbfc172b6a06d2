/**
 * The time of an engine, by which it stamps messages and they grow old. It is the earliest that the engine has told,
 * carried on by this process's monotonic clock: a wall clock that jumps ahead, here or at the engine, makes no message old
 * before its time.
 */
export class EngineClock {
  /** Engine time minus the monotonic clock, in milliseconds. */
  #aheadMs = Number.POSITIVE_INFINITY;

  /** Record the engine's current time, in milliseconds since 1970. */
  hear(engineMs: number): void {
    this.#aheadMs = Math.min(this.#aheadMs, engineMs - performance.now());
  }

  /** Milliseconds since 1970; `Infinity` before the engine has reported its time. */
  now(): number {
    return performance.now() + this.#aheadMs;
  }
}

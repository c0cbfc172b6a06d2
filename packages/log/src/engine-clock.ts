/**
 * The engine's time, which determines the age of messages. It is the earliest time that the engine has
 * reported, advanced by this process's monotonic clock. A wall clock that jumps ahead, here or at the engine,
 * therefore expires no message early.
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

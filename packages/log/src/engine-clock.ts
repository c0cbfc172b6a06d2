/**
 * The time of an engine, by which it stamps messages and they grow old. It is the earliest that the engine has told,
 * carried on by this process's monotonic clock: a wall clock that jumps ahead, here or at the engine, makes no message old
 * before its time.
 */
export class EngineClock {
  /** What to add to the monotonic clock. */
  #aheadMs = Number.POSITIVE_INFINITY;

  /** The engine says that it is this time now, in milliseconds since 1970. */
  hear(engineMs: number): void {
    this.#aheadMs = Math.min(this.#aheadMs, engineMs - performance.now());
  }

  /** Milliseconds since 1970; `Infinity` before the engine has told any. */
  now(): number {
    return performance.now() + this.#aheadMs;
  }
}

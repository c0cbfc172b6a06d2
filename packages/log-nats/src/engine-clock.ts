/**
 * The time of NATS, by which records are stamped and grow old. It is the earliest that NATS has told, carried on by this
 * process's monotonic clock: a wall clock that jumps ahead, here or at NATS, makes no message old before its time.
 */
export class EngineClock {
  /** What to add to the monotonic clock. */
  #aheadMs = Number.POSITIVE_INFINITY;

  constructor(engineMs: number) {
    this.hear(engineMs);
  }

  /** NATS says that it is this time now, in milliseconds since 1970. */
  hear(engineMs: number): void {
    this.#aheadMs = Math.min(this.#aheadMs, engineMs - performance.now());
  }

  /** Milliseconds since 1970. */
  now(): number {
    return performance.now() + this.#aheadMs;
  }
}

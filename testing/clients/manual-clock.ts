// A clock that moves only when a test says so: for tests about time that no load can disturb.
import type { Delay } from "@tidemark/client-core/kit";

interface Timer {
  readonly dueMs: number;
  readonly ring: () => void;
}

export interface ManualClock {
  /** The client's delay. */
  readonly delay: Delay;
  /** Milliseconds since the clock was created. */
  readonly ms: number;
  /** Move on, and end the waits that are due. */
  advance(ms: number): void;
  /** Give `performance.now` its own clock back. */
  restore(): void;
}

/**
 * Stops `performance.now`, and the client's waits, until `advance` moves them. `skips` names the waits that move the
 * clock by themselves, so that they take no real time.
 */
export function manualClock(...skips: readonly Parameters<Delay>[2][]): ManualClock {
  const { now } = performance;
  const timers = new Set<Timer>();
  let ms = 0;
  performance.now = () => ms;
  const advance = (step: number): void => {
    ms += Math.max(0, step);
    for (const { dueMs, ring } of [...timers]) if (dueMs <= ms) ring();
  };
  const delay: Delay = async (wait, signal, purpose) => {
    if (skips.includes(purpose)) return advance(wait);
    if (signal.aborted || wait <= 0) return;
    await new Promise<void>((resolve) => {
      const timer: Timer = {
        dueMs: ms + wait,
        ring() {
          timers.delete(timer);
          resolve();
        },
      };
      timers.add(timer);
      signal.addEventListener("abort", timer.ring, { once: true });
    });
  };
  return {
    delay,
    advance,
    get ms() {
      return ms;
    },
    restore() {
      performance.now = now;
    },
  };
}

import { type Delay, delay } from "@tidemark/client-core/kit";

/** A pause between polls that can be changed while it lasts. */
export class PollPause {
  #intervalMs: number;
  #changed = new AbortController();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Set the pause between polls, in milliseconds. It also applies to the pause that has begun. */
  set intervalMs(intervalMs: number) {
    this.#intervalMs = intervalMs;
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  /** Waits; between polls as long as the interval, but never less than the server asks for. */
  readonly delay: Delay = async (ms, signal, purpose) => {
    if (purpose !== "poll" || ms <= 0) return delay(ms, signal);
    const since = performance.now();
    while (!signal.aborted) {
      const leftMs = Math.max(ms, this.#intervalMs) - (performance.now() - since);
      if (leftMs <= 0) return;
      await delay(leftMs, AbortSignal.any([signal, this.#changed.signal]));
    }
  };
}

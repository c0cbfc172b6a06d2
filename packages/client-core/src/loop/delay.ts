import { onAbort } from "../network/on-abort.ts";

/** What a client waits for: a retry, the next poll, a timeout, or a probe of a better mechanism. */
export type DelayPurpose = "retry" | "poll" | "watchdog" | "probe";

/** Resolve after `ms` milliseconds, or as soon as `signal` aborts; never rejects. */
export type Delay = (ms: number, signal: AbortSignal, purpose: DelayPurpose) => Promise<void>;

/** The longest time of a platform timer, in milliseconds; anything longer would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The {@link Delay} that uses the real clock. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      leave();
      resolve();
    };
    let leave = (): void => {};
    const timer = setTimeout(done, Math.min(ms, MAX_TIMER_MS));
    leave = onAbort(signal, done);
  });
}

/** Resolve when the network is back or the page is visible again; never on platforms without these events. */
export function comeback(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const { document } = globalThis;
    const back = (): void => {
      if (document?.visibilityState !== "hidden") resolve();
    };
    globalThis.addEventListener?.("online", back, { signal });
    document?.addEventListener("visibilitychange", back, { signal });
  });
}

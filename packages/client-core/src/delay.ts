import { onAbort } from "./on-abort.ts";

/** Why a client waits: before it tries again, until the next poll, for a sign of life, or before it tries a better mechanism. */
export type DelayPurpose = "retry" | "poll" | "watchdog" | "probe";

/** Resolves after `ms` milliseconds, or at once when `signal` aborts; never rejects. */
export type Delay = (ms: number, signal: AbortSignal, purpose: DelayPurpose) => Promise<void>;

/** The {@link Delay} of the clock. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      leave();
      resolve();
    };
    let leave = (): void => {};
    const timer = setTimeout(done, ms);
    leave = onAbort(signal, done);
  });
}

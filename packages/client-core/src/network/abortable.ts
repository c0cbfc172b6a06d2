import { onAbort } from "./on-abort.ts";

/** Settle like `pending`, or reject with the signal's reason as soon as the signal aborts. */
export function abortable<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => reject(signal.reason));
    pending.then(resolve, reject).finally(leave);
  });
}

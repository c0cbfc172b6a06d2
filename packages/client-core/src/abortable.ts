import { onAbort } from "./on-abort.ts";

/** Settles as `pending` does, or rejects with the signal's reason at once when it aborts. */
export function abortable<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => reject(signal.reason));
    pending.then(resolve, reject).finally(leave);
  });
}

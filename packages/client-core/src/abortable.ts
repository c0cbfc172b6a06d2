/** Settles as `pending` does, or rejects with the signal's reason at once when it aborts. */
export function abortable<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

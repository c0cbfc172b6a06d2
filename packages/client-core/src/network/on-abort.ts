interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** The callbacks of each signal. A signal gets a single listener, however many subscriptions it ends. */
const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Call `callback` once when `signal` aborts, or now if it has aborted already. Returns a function that
 * unsubscribes; after the last one, the signal's listener is removed.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => {};
  }
  const own = (): void => callback();
  const { callbacks } = waiting.get(signal) ?? begin(signal);
  callbacks.add(own);
  return () => {
    callbacks.delete(own);
    if (callbacks.size === 0) end(signal, callbacks);
  };
}

/** Something that can be stopped, for a reason. */
export interface Stoppable {
  readonly signal: AbortSignal;
  stop(reason?: unknown): void;
}

/** A signal of its own that `stop` aborts, and that an outer signal aborts too, until `stop` is called. */
export function stoppable(outer: AbortSignal | undefined): Stoppable {
  const controller = new AbortController();
  let leave = (): void => {};
  const stop = (reason?: unknown): void => {
    leave();
    controller.abort(reason);
  };
  if (outer) leave = onAbort(outer, () => stop(outer.reason));
  return { signal: controller.signal, stop };
}

function begin(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    end(signal, callbacks);
    for (const callback of [...callbacks]) callback();
  };
  const entry = { callbacks, listener };
  waiting.set(signal, entry);
  signal.addEventListener("abort", listener);
  return entry;
}

function end(signal: AbortSignal, callbacks: Set<() => void>): void {
  const entry = waiting.get(signal);
  if (entry?.callbacks !== callbacks) return;
  waiting.delete(signal);
  signal.removeEventListener("abort", entry.listener);
}

/** Settle like `pending`, or reject with the signal's reason as soon as the signal aborts. */
export function abortable<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => reject(signal.reason));
    pending.then(resolve, reject).finally(leave);
  });
}

import { abortable } from "./abortable.ts";
import type { Delay } from "./delay.ts";
import { ConnectionError } from "./errors.ts";

/**
 * Wait for `pending`, but no longer than the connection lives and no longer than `ms`, counted from when `begun`
 * resolves: then the connection is dead, with a {@link ConnectionError} that has this text.
 */
export type Wait = <T>(pending: Promise<T>, ms: number, text: string, begun?: Promise<void>) => Promise<T>;

/** How to wait on `connection`: silence aborts it. Rejects at once, with its reason, when it aborts. */
export function watchdog(connection: AbortController, delay: Delay): Wait {
  return async (pending, ms, text, begun = Promise.resolve()) => {
    const settled = new AbortController();
    const silence = begun.then(() => delay(ms, settled.signal, "watchdog"));
    void silence.then(() => {
      if (!settled.signal.aborted) connection.abort(new ConnectionError("timeout", text));
    });
    try {
      return await abortable(pending, connection.signal);
    } finally {
      settled.abort();
    }
  };
}

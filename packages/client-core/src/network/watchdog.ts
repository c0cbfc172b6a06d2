import { ConnectionError } from "../errors/errors.ts";
import type { Delay } from "../loop/delay.ts";
import { abortable, type Stoppable } from "./on-abort.ts";

/**
 * Wait for `pending`, until the connection is aborted or `ms` milliseconds have passed since `begun`
 * resolved. A timeout aborts the connection, with a {@link ConnectionError} that has this text.
 */
export type Wait = <T>(pending: Promise<T>, ms: number, text: string, begun?: Promise<void>) => Promise<T>;

/** A {@link Wait} for `connection`: a timeout stops it, and an abort rejects the wait with its reason. */
export function watchdog(connection: Stoppable, delay: Delay): Wait {
  return async (pending, ms, text, begun = Promise.resolve()) => {
    const settled = new AbortController();
    const silence = begun.then(() => delay(ms, settled.signal, "watchdog"));
    void silence.then(() => {
      if (!settled.signal.aborted) connection.stop(new ConnectionError("timeout", text));
    });
    try {
      return await abortable(pending, connection.signal);
    } finally {
      settled.abort(null); // with a reason, the platform makes no error
    }
  };
}

import { abortable } from "./abortable.ts";
import type { Delay } from "./delay.ts";
import { ConnectionError } from "./errors.ts";

/**
 * Wait for `pending`, but no longer than `ms`: then `connection` is aborted, with a {@link ConnectionError} that says
 * what was lacking. Rejects at once, with its reason, when `connection` aborts.
 */
export async function watch<T>(
  pending: Promise<T>,
  connection: AbortController,
  delay: Delay,
  ms: number,
  lacking: string,
): Promise<T> {
  const settled = new AbortController();
  void delay(ms, settled.signal, "watchdog").then(() => {
    if (!settled.signal.aborted)
      connection.abort(new ConnectionError("timeout", `${lacking} in ${ms.toFixed()} ms`));
  });
  try {
    return await abortable(pending, connection.signal);
  } finally {
    settled.abort();
  }
}

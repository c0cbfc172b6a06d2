import { causesOf } from "../errors/advice.ts";
import { ConnectionError, type ConnectionFailure } from "../errors/errors.ts";

/** Run a transfer over the network; any failure becomes a {@link ConnectionError}. */
export async function transfer<T>(
  run: () => T | Promise<T>,
  failure: ConnectionFailure,
  detail: string,
): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof ConnectionError) throw cause;
    const causes = cause instanceof Error ? causesOf(cause) : "";
    // Browsers and Node refuse to send requests to some ports, such as those for mail.
    if (causes === "; bad port") throw new TypeError("fetch blocks this port", { cause });
    const isImpatient = /(Headers|Body) Timeout/.test(causes);
    throw new ConnectionError(failure, detail + (isImpatient ? IMPATIENT : ""), { cause });
  }
}

/** Added when Node's own `fetch` has timed out on a silence that this protocol allows. */
const IMPATIENT =
  ": this `fetch` gives up after 300 s of silence; omit the option, or use the one of @tidemark/std";

/** Parse an answer; an error of `read` means a damaged answer, and becomes a {@link ConnectionError}. */
export function decode<T>(read: () => T, detail: string): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof ConnectionError ? cause : new ConnectionError("cut", detail, { cause });
  }
}

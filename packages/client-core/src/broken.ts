import { causesOf } from "./advice.ts";
import { ConnectionError, type ConnectionFailure } from "./errors.ts";

/** What a transfer over the network resolves to; what it fails with becomes a {@link ConnectionError}. */
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
    // No browser, and not Node, sends anything to the ports of mail and the like.
    if (causes === "; bad port") throw new TypeError("a port that no request may go to", { cause });
    const isImpatient = /(Headers|Body) Timeout/.test(causes);
    throw new ConnectionError(failure, detail + (isImpatient ? IMPATIENT : ""), { cause });
  }
}

/** Said where Node's own `fetch` has ended a silence that is not one for this protocol. */
const IMPATIENT =
  ": this `fetch` gives up after 300 s of silence; leave the option out, or give that of @tidemark/std";

/** The result of reading an answer; an error of `read` becomes a {@link ConnectionError}: the answer broke on its way. */
export function decode<T>(read: () => T, detail: string): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof ConnectionError ? cause : new ConnectionError("cut", detail, { cause });
  }
}

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
    throw cause instanceof ConnectionError ? cause : new ConnectionError(failure, detail, { cause });
  }
}

/** The result of reading an answer; an error of `read` becomes a {@link ConnectionError}: the answer broke on its way. */
export function decode<T>(read: () => T, detail: string): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof ConnectionError ? cause : new ConnectionError("cut", detail, { cause });
  }
}

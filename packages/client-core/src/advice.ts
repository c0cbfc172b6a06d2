import type { ConnectionError, ConnectionFailure } from "./errors.ts";

const ADVICE: Readonly<Partial<Record<ConnectionFailure, string>>> = {
  unreachable: "Does a server listen there, and in a page, does it allow its origin (CORS)?",
  foreign: "Is the path right, and is it a Tidemark server that answers?",
  timeout: "Does something on the way hold the answer back?",
};

/** A request that gets no answer in a page may not even have been sent. */
export const CROWDED =
  ": over HTTP/1.1 all tabs of a browser share six connections to a server; close some tabs, or serve HTTP/2";

/** The messages of an error's causes, the last of which says what really happened. */
export function causesOf({ cause }: Error): string {
  return cause instanceof Error ? `; ${cause.message || cause.name}${causesOf(cause)}` : "";
}

/** Tell a developer who listens to nothing why nothing comes. The query is left out: it can hold a secret. */
export function advise({ origin, pathname }: URL, error: Error): void {
  const { failure } = error as Partial<ConnectionError>;
  const advice = failure && ADVICE[failure];
  console.warn(
    `Tidemark: nothing yet from ${origin}${pathname}: ${error.message}${causesOf(error)}. ${advice ?? ""} Trying again; listen by onRetry or onState.`,
  );
}

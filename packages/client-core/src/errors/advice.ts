import type { ConnectionError, ConnectionFailure } from "./errors.ts";

const ADVICE: Readonly<Partial<Record<ConnectionFailure, string>>> = {
  unreachable: "Is a server listening there? In a browser, does it allow your origin (CORS)?",
  foreign: "Is the path right, and is this a Tidemark server?",
  timeout: "Does a proxy hold the answer back?",
};

/** In a page, a request without an answer may not even have been sent. */
export const CROWDED =
  ": over HTTP/1.1 all tabs of a browser share six connections to a server; close some tabs, or serve HTTP/2";

/** The messages of an error's causes; the last one is the root cause. */
export function causesOf({ cause }: Error): string {
  return cause instanceof Error ? `; ${cause.message || cause.name}${causesOf(cause)}` : "";
}

/** Warn on the console, for an application without callbacks. The query is left out: it can hold a secret. */
export function advise({ origin, pathname }: URL, error: Error): void {
  const { failure } = error as Partial<ConnectionError>;
  const advice = failure && ADVICE[failure];
  console.warn(
    `Tidemark: no answer yet from ${origin}${pathname}: ${error.message}${causesOf(error)}. ${advice ?? ""} Retrying; set onRetry or onState to handle this.`,
  );
}

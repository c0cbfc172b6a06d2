import { ProtocolError } from "@tidemark/protocol";
import { ReplyError } from "ioredis";

/**
 * Temporary errors of Redis: it is loading, failing over, blocked by a script, or has lost its replicas or
 * disk.
 */
const PASSING =
  /^-?(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|MISCONF|BUSY|UNKILLABLE)\b/;

/** The `Retry-After` for a Redis that is away or full. */
const RETRY_AFTER_S = 2;

/** Programming errors, which a connection to Redis never causes. */
const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Convert an error of Redis or its connection to a problem; other errors are returned unchanged. */
export function asProblem(error: unknown): unknown {
  if (error instanceof ProtocolError || !(error instanceof Error)) return error;
  if (FAULTS.some((fault) => error instanceof fault)) return error;
  if (error.name === "MaxRetriesPerRequestError")
    return unavailable("Redis cannot be reached: the connection is down", error);
  if (!(error instanceof ReplyError)) return unavailable(`Redis cannot be reached: ${error.message}`, error);
  if (/^-?OOM\b/.test(error.message)) {
    const detail = "Redis has reached its maxmemory";
    return new ProtocolError("storage-full", detail, { retryAfterS: RETRY_AFTER_S, cause: error });
  }
  return PASSING.test(error.message)
    ? unavailable(`Redis temporarily rejects commands: ${error.message}`, error)
    : error;
}

/** The log cannot be used at the moment. */
export function unavailable(detail: string, cause?: unknown): ProtocolError {
  return new ProtocolError("unavailable", detail, { retryAfterS: RETRY_AFTER_S, cause });
}

import { ProtocolError } from "@tidemark/protocol";
import { ReplyError } from "ioredis";

/** Refusals of Redis that pass: it loads, fails over, has lost its replicas or its disk, or a script holds it up. */
const PASSING =
  /^-?(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|MISCONF|BUSY|UNKILLABLE)\b/;

/** How long a client is asked to wait for a Redis that is away, or full. */
const RETRY_AFTER_S = 2;

/** What the language throws where a program is wrong: no link to Redis fails by it. */
const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** What went wrong between us and Redis, in the protocol's words; a fault of neither stays what it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof ProtocolError || !(error instanceof Error)) return error;
  if (FAULTS.some((fault) => error instanceof fault)) return error;
  if (error.name === "MaxRetriesPerRequestError")
    return unavailable("Redis cannot be reached: the link is down", error);
  if (!(error instanceof ReplyError)) return unavailable(`Redis cannot be reached: ${error.message}`, error);
  if (/^-?OOM\b/.test(error.message)) {
    const detail = "Redis has reached its maxmemory";
    return new ProtocolError("storage-full", detail, { retryAfterS: RETRY_AFTER_S, cause: error });
  }
  return PASSING.test(error.message) ? unavailable(`Redis refuses for now: ${error.message}`, error) : error;
}

/** The log cannot be used for now. */
export function unavailable(detail: string, cause?: unknown): ProtocolError {
  return new ProtocolError("unavailable", detail, { retryAfterS: RETRY_AFTER_S, cause });
}

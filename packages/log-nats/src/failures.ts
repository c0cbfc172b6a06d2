import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { ProtocolError } from "@tidemark/protocol";

/** JetStream's error codes. */
const WRONG_LAST_SEQUENCE = [10_071, 10_164];
const STREAM_FULL = [10_077, 10_122, 10_047, 10_023, 10_028];
const TOO_LARGE = [10_054];

/** Whether a stream of the log may be missing: NATS says so, or there is no responder. */
export function mayBeMissing(error: unknown): boolean {
  return error instanceof Error && /^(StreamNotFound|NoResponders|JetStreamNotEnabled)/.test(error.name);
}

/** Whether this error ended only the delivery, and further requests may succeed. */
export function isOfDelivery(error: unknown): boolean {
  return error instanceof JetStreamError && !(error instanceof JetStreamApiError);
}

/** The `Retry-After` for a NATS that is away or full. */
const RETRY_AFTER_S = 2;

/** Whether an append lost against a concurrent one to the same channel. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.includes(error.code);
}

/** Whether the stream is too full for a record. */
export function isFull(error: unknown): boolean {
  return error instanceof JetStreamApiError && STREAM_FULL.includes(error.code);
}

/** Convert an error of NATS or its connection to a problem; other errors are returned unchanged. */
export function asProblem(error: unknown): unknown {
  if (error instanceof ProtocolError || !(error instanceof Error)) return error;
  if (error instanceof JetStreamApiError) {
    const options = { retryAfterS: RETRY_AFTER_S, cause: error };
    if (isFull(error)) return new ProtocolError("storage-full", error.message, options);
    if (TOO_LARGE.includes(error.code)) return new ProtocolError("too-large", error.message, options);
  }
  return OF_NATS.test(error.name) ? unavailable(`NATS cannot be used: ${error.message}`, error) : error;
}

/** The client's errors, by name, because several of its modules have their own classes. */
const OF_NATS =
  /^(Timeout|Request|NoResponders|Connection|ClosedConnection|DrainingConnection|JetStream\w*|JetStreamNotEnabled|StreamNotFound|PermissionViolation)(Error)?$/;

/** The log cannot be used at the moment. */
export function unavailable(detail: string, cause?: unknown): ProtocolError {
  return new ProtocolError("unavailable", detail, { retryAfterS: RETRY_AFTER_S, cause });
}

import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { ProtocolError } from "@tidemark/protocol";

/** JetStream's own numbers of what it refuses. */
const WRONG_LAST_SEQUENCE = [10_071, 10_164];
const STREAM_FULL = [10_077, 10_122, 10_047, 10_023, 10_028];
const TOO_LARGE = [10_054];

/** Whether it may be that a stream of the log is missing: NATS says so, or nobody answers for it. */
export function mayBeMissing(error: unknown): boolean {
  return error instanceof Error && /^(StreamNotFound|NoResponders|JetStreamNotEnabled)/.test(error.name);
}

/** Whether a delivery of messages ended by this, and not because nobody can be asked. */
export function isOfDelivery(error: unknown): boolean {
  return error instanceof JetStreamError && !(error instanceof JetStreamApiError);
}

/** How long a client is asked to wait for a NATS that is away, or full. */
const RETRY_AFTER_S = 2;

/** Whether an append lost against another one of the same channel. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && WRONG_LAST_SEQUENCE.includes(error.code);
}

/** Whether there is no room for a record. */
export function isFull(error: unknown): boolean {
  return error instanceof JetStreamApiError && STREAM_FULL.includes(error.code);
}

/** What went wrong between us and NATS, in the protocol's words; a fault of neither stays what it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof ProtocolError || !(error instanceof Error)) return error;
  if (error instanceof JetStreamApiError) {
    const options = { retryAfterS: RETRY_AFTER_S, cause: error };
    if (isFull(error)) return new ProtocolError("storage-full", error.message, options);
    if (TOO_LARGE.includes(error.code)) return new ProtocolError("too-large", error.message, options);
  }
  return OF_NATS.test(error.name) ? unavailable(`NATS cannot be used: ${error.message}`, error) : error;
}

/** The client's errors by name: several modules of it have classes of their own. */
const OF_NATS =
  /^(Timeout|Request|NoResponders|Connection|ClosedConnection|DrainingConnection|JetStream\w*|JetStreamNotEnabled|StreamNotFound|PermissionViolation)(Error)?$/;

/** The log cannot be used for now. */
export function unavailable(detail: string, cause?: unknown): ProtocolError {
  return new ProtocolError("unavailable", detail, { retryAfterS: RETRY_AFTER_S, cause });
}

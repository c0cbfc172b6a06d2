import { type Cursor, type GapReason, ProtocolError } from "@tidemark/protocol";

const GAP_DETAILS: Readonly<Record<GapReason, string>> = {
  retention: "Messages after this position were dropped by retention",
  epoch: "This position belongs to another incarnation of the channel",
  ahead: "This position is ahead of the end of the channel",
  unknown: "This position is none of this log's",
};

/** The channel between its oldest retained message and its end. */
export interface Extent {
  readonly start: Cursor;
  readonly end: Cursor;
}

/** A read that cannot go on from `requested` without loss. */
export function gapError(reason: GapReason, requested: string, { start, end }: Extent): ProtocolError {
  return new ProtocolError("gap", GAP_DETAILS[reason], { members: { reason, requested, start, end } });
}

/** An append of messages to a closed channel. */
export function closedError(end: Cursor): ProtocolError {
  return new ProtocolError("closed", "The channel is closed and takes no more messages", {
    members: { end },
  });
}

/** An append-only-after whose position is not the present end. */
export function notAtEndError(end: Cursor): ProtocolError {
  return new ProtocolError("not-at-end", "The position is not the present end of the channel", {
    members: { end },
  });
}

/** A key that came back with another digest. */
export function keyReusedError(): ProtocolError {
  return new ProtocolError("key-reused", "This idempotency key was used for another body");
}

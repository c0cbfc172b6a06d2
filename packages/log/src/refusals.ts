import { type Cursor, type GapReason, ProtocolError } from "@tidemark/protocol";

const GAP_DETAILS: Readonly<Record<GapReason, string>> = {
  retention: "Messages after this position were dropped by retention",
  epoch: "This position belongs to another incarnation of the channel",
  ahead: "This position is ahead of the end of the channel",
  unknown: "This log did not issue this position",
};

/** The channel's retained range: the position before its oldest retained message, and its end. */
export interface Extent {
  readonly start: Cursor;
  readonly end: Cursor;
}

/** A read cannot continue from `requested` without loss. */
export function gapError(reason: GapReason, requested: string, { start, end }: Extent): ProtocolError {
  return new ProtocolError("gap", GAP_DETAILS[reason], { members: { reason, requested, start, end } });
}

/** Messages were appended to a closed channel. */
export function closedError(end: Cursor): ProtocolError {
  return new ProtocolError("closed", "The channel is closed and takes no more messages", {
    members: { end },
  });
}

/** The position of an append-only-after is not the present end. */
export function notAtEndError(end: Cursor): ProtocolError {
  return new ProtocolError("not-at-end", "The position is not the present end of the channel", {
    members: { end },
  });
}

/** An idempotency key was used again with another digest. */
export function keyReusedError(): ProtocolError {
  return new ProtocolError("key-reused", "This idempotency key was used for another body");
}

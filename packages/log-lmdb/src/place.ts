import { gapError, parseLogCursor } from "@tidemark/log";
import type { Cursor, GapReason, Position } from "@tidemark/protocol";
import { type ChannelState, endOf, startOf } from "./store/channel-state.ts";

/** The position in a channel where a read begins. */
export interface Place {
  readonly seq: number;
  readonly cursor: Cursor;
}

/** The tag of message `seq` of an incarnation. */
export type TagOf = (incarnation: number, seq: number) => string;

/** Resolve a position. @throws ProtocolError `gap` if reading cannot continue from there */
export function placeOf(state: ChannelState, from: Position, tagOf: TagOf): Place {
  const { incarnation, epoch, startSeq, startTag, endSeq, endTag } = state;
  const [start, end] = [startOf(state), endOf(state)];
  if (from === "start") return { seq: startSeq, cursor: start };
  if (from === "end") return { seq: endSeq, cursor: end };
  const gap = (reason: GapReason): Error => gapError(reason, from, { start, end });
  const cursor = parseLogCursor(from);
  if (cursor === undefined) throw gap("unknown");
  const { seq, tag } = cursor;
  if (cursor.epoch !== epoch) throw gap("epoch");
  if (seq < startSeq) throw gap("retention");
  if (seq > endSeq) throw gap("ahead");
  const stored = seq === endSeq ? endTag : seq === startSeq ? startTag : tagOf(incarnation, seq);
  // A different append at this position is a different history: the store fell back to an older state and
  // continued.
  if (stored !== tag) throw gap("epoch");
  return { seq, cursor: from };
}

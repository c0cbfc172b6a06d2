import { formatLogCursor, gapError } from "@tidemark/log";
import type { Position, RawMessage } from "@tidemark/protocol";
import { type Place, placeOf } from "./place.ts";
import { type ChannelState, endOf } from "./store/channel-state.ts";
import { DAMAGED_TAG, type MessageTable, type Span } from "./store/message-table.ts";

/** Messages, and the position that they follow. */
export interface ReadMessages extends Place {
  readonly messages: RawMessage[];
}

/**
 * The messages after a position; none only at the end of the channel.
 *
 * Damaged or missing records are a gap with the position after them as `start`. A read from `start` skips
 * them at the beginning of the channel.
 *
 * @throws ProtocolError `gap`
 */
export function readPage(
  table: MessageTable,
  state: ChannelState,
  from: Position,
  bounds: Pick<Span, "maxMessages" | "maxBytes">,
): ReadMessages {
  const { incarnation, epoch, endSeq } = state;
  const place = placeOf(state, from, (id, at) => table.tagOf(id, at));
  const messages = table.read(incarnation, epoch, { ...bounds, seq: place.seq, endSeq });
  if (messages.length > 0 || place.seq === endSeq) return { ...place, messages };
  const behind = behindDamage(table, state, place.seq);
  if (from !== "start") throw gapError("retention", from, { start: behind.cursor, end: endOf(state) });
  return { ...behind, messages: table.read(incarnation, epoch, { ...bounds, seq: behind.seq, endSeq }) };
}

function behindDamage(table: MessageTable, state: ChannelState, from: number): Place {
  const { incarnation, epoch, endSeq } = state;
  const seq = table.skipDamage(incarnation, from, endSeq);
  return { seq, cursor: seq === endSeq ? endOf(state) : formatLogCursor({ epoch, seq, tag: DAMAGED_TAG }) };
}

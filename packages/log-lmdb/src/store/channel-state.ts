import { formatLogCursor } from "@tidemark/log";
import type { Cursor } from "@tidemark/protocol";

/** The state of one incarnation of a channel. */
export interface ChannelState {
  /** The number under which its messages are stored; 0 for an unwritten channel. */
  readonly incarnation: number;
  readonly epoch: string;
  /** The position just before the oldest retained message. */
  readonly startSeq: number;
  readonly startTag: string;
  /** The position after the newest message, retained or not. */
  readonly endSeq: number;
  readonly endTag: string;
  readonly closed: boolean;
  /** Bytes of the retained messages' data and event names. */
  readonly bytes: number;
}

/** The state of an unwritten channel with its own start position. */
export function emptyState(epoch: string, tag: string): ChannelState {
  const [startSeq, endSeq] = [0, 0];
  return { incarnation: 0, epoch, startSeq, startTag: tag, endSeq, endTag: tag, closed: false, bytes: 0 };
}

export function startOf({ epoch, startSeq, startTag }: ChannelState): Cursor {
  return formatLogCursor({ epoch, seq: startSeq, tag: startTag });
}

export function endOf({ epoch, endSeq, endTag }: ChannelState): Cursor {
  return formatLogCursor({ epoch, seq: endSeq, tag: endTag });
}

/** A compact JSON row, because it is parsed at each append and read. */
type Row = [number, string, number, string, number, string, 0 | 1, number];

export function formatState(state: ChannelState): string {
  const { incarnation, epoch, startSeq, startTag, endSeq, endTag, closed, bytes } = state;
  const row: Row = [incarnation, epoch, startSeq, startTag, endSeq, endTag, closed ? 1 : 0, bytes];
  return JSON.stringify(row);
}

/** Parse a state that {@link formatState} wrote. */
export function parseState(text: string): ChannelState {
  const row: Row = JSON.parse(text);
  const [incarnation, epoch, startSeq, startTag, endSeq, endTag, closed, bytes] = row;
  return { incarnation, epoch, startSeq, startTag, endSeq, endTag, closed: closed === 1, bytes };
}

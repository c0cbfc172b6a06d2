import type { Cursor, RawMessage } from "@tidemark/protocol";
import type { Log } from "./log.ts";
import { type LogCursor, parseLogCursor } from "./log-cursor.ts";

/** Messages as they stand in another log, to be taken over with their cursors. */
export interface Adoption {
  /** The position that they follow. */
  readonly from: Cursor;
  /** Each one position behind the one before. */
  readonly messages: readonly RawMessage[];
  readonly closed: boolean;
}

/** A log that knows its channels: what `tidemark copy` asks of the one that it copies from, if it is to find them. */
export interface ListedLog extends Log {
  /**
   * The names of the channels that something was written to, in no order.
   *
   * @throws Error after the last one, if there are channels whose names are not kept
   */
  channels(): AsyncIterable<string>;
}

/** A log that takes channels over with their cursors: what `tidemark copy` asks of the one that it copies to. */
export interface MovableLog extends ListedLog {
  /**
   * Store messages under the cursors that they have, as one atomic step. The channel must never have been written,
   * and begins at `from` then, or its end must be `from`. Idempotency keys do not come along, and ages begin anew.
   *
   * @throws ProtocolError `not-at-end` (with the present `end`), and whatever `append` does
   * @throws RangeError for cursors that are not dense, or none of our logs'
   */
  adopt(channel: string, adoption: Adoption): Promise<void>;
}

/** Whether a log knows its channels. */
export function isListed(log: Log): log is ListedLog {
  return "channels" in log;
}

/** Whether a log takes channels over with their cursors. */
export function isMovable(log: Log): log is MovableLog {
  return isListed(log) && "adopt" in log;
}

/** The cursors of an adoption, the position that the messages follow first. @throws RangeError if they are not dense */
export function adoptedCursors({ from, messages }: Adoption): readonly [LogCursor, ...LogCursor[]] {
  const first = parseLogCursor(from);
  if (first === undefined) throw new RangeError(`${from} is no cursor of our logs`);
  const rest = messages.map(({ cursor: text }, i) => {
    const cursor = parseLogCursor(text);
    if (cursor?.epoch !== first.epoch || cursor.seq !== first.seq + 1 + i)
      throw new RangeError(`${text} is not the position ${i + 1} behind ${from}`);
    return cursor;
  });
  return [first, ...rest];
}

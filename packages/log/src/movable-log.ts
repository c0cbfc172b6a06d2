import type { Cursor, RawMessage } from "@tidemark/protocol";
import type { Log } from "./log.ts";
import { type LogCursor, parseLogCursor } from "./log-cursor.ts";

/** Messages of another log, to be stored with their cursors. */
export interface Adoption {
  /** The position that the messages follow. */
  readonly from: Cursor;
  /** In order, with consecutive positions. */
  readonly messages: readonly RawMessage[];
  readonly closed: boolean;
}

/** A log that can list its channels. `tidemark copy` needs it to find the channels of its source. */
export interface ListedLog extends Log {
  /**
   * The names of all written channels, in no particular order.
   *
   * @throws Error after the last name, if the log has channels whose names it does not know
   */
  channels(): AsyncIterable<string>;
}

/** A log that can adopt channels with their cursors. `tidemark copy` needs it for its target. */
export interface MovableLog extends ListedLog {
  /**
   * Store messages under their existing cursors, as one atomic step. Either the channel was never written,
   * and begins at `from`, or its end is `from`. Idempotency keys are not copied, and message ages restart.
   *
   * @throws ProtocolError `not-at-end` (with the present `end`), and the errors of `append`
   * @throws RangeError for cursors that are not consecutive, or not written by our codec
   */
  adopt(channel: string, adoption: Adoption): Promise<void>;
}

/** Whether a log can list its channels. */
export function isListed(log: Log): log is ListedLog {
  return "channels" in log;
}

/** Whether a log can adopt channels with their cursors. */
export function isMovable(log: Log): log is MovableLog {
  return isListed(log) && "adopt" in log;
}

/** The parsed cursors of an adoption, `from` first. @throws RangeError if they are not consecutive */
export function adoptedCursors({ from, messages }: Adoption): readonly [LogCursor, ...LogCursor[]] {
  const first = parseLogCursor(from);
  if (first === undefined) throw new RangeError(`${from} is not a cursor of our logs`);
  const rest = messages.map(({ cursor: text }, i) => {
    const cursor = parseLogCursor(text);
    if (cursor?.epoch !== first.epoch || cursor.seq !== first.seq + 1 + i)
      throw new RangeError(`${text} is not the position ${i + 1} after ${from}`);
    return cursor;
  });
  return [first, ...rest];
}

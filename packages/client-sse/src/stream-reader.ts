import { ConnectionError, TooLargeError } from "@tidemark/client-core";
import { type Batch, decode } from "@tidemark/client-core/kit";
import {
  CLOSED_EVENT,
  type Cursor,
  createEventStreamDecoder,
  type EventStreamSink,
  type Gap,
  isCursor,
  type Message,
  OPEN_EVENT,
  type Position,
  readGap,
} from "@tidemark/protocol";

/** The heartbeat to assume if the server does not announce a valid one, in milliseconds. */
const USUAL_HEARTBEAT_MS = 15_000;

/** The longest valid heartbeat (SSE-OPEN-3), in seconds. */
const MAX_HEARTBEAT_S = 300;

/** How long the lines of an event may be without its data: its field names, event name and id. */
const SPARE_LENGTH = 4_096;

/** The result of reading one chunk of a stream. */
export interface Reading {
  /** Undefined if the chunk completed no block, or only comments. */
  readonly batch: Batch | undefined;
  /** If an event was dispatched, the server's heartbeat, in milliseconds. */
  readonly heartbeatMs: number | undefined;
  /** The chunk contained an event, or more of one: a sign of life. */
  readonly isProgress: boolean;
  /** The error that makes the rest of the stream useless, such as a TooLargeError; the batch precedes it. */
  readonly fault: unknown;
}

/**
 * Create a reader that turns the chunks of a stream into batches. The stream answers a request after `asked`;
 * messages are limited to `maxBytes`. `read` turns the JSON text of a message into its data, and throws if it
 * is not JSON.
 */
export function createStreamReader(
  asked: Position,
  maxBytes: number,
  read: (json: string) => unknown = JSON.parse,
): (chunk: Uint8Array) => Reading {
  let batch: Draft | undefined;
  let isAlive = false;
  let events = 0;
  let heartbeatMs = USUAL_HEARTBEAT_MS;
  const told = (): Draft => (batch ??= { messages: [] });
  function bookmark(id: string): void {
    if (isCursor(id)) told().cursor = id;
  }
  function takeSign(event: string, data: string, id: string): void {
    if (event === CLOSED_EVENT) told().closed = true;
    if (event !== OPEN_EVENT) return;
    const { heartbeat, gap } = Object(JSON.parse(data));
    const isHeartbeat = Number.isInteger(heartbeat) && heartbeat >= 1 && heartbeat <= MAX_HEARTBEAT_S;
    if (isHeartbeat) heartbeatMs = heartbeat * 1000;
    if (gap !== undefined) told().gap = readGap(gap);
    else if (isCursor(asked) && isCursor(id) && id !== asked)
      throw new ConnectionError("misplaced", `the stream begins at ${id} instead of ${asked}`);
  }
  function tooLarge(size: number, id: string): void {
    if (size > maxBytes) throw new TooLargeError(isCursor(id) ? id : undefined, size, maxBytes, asked);
  }
  const sink: EventStreamSink = {
    tooLarge,
    event(event, data, id) {
      tooLarge(data.length, id);
      const { messages } = told();
      isAlive = true;
      decode(() => {
        if (event.startsWith("$")) takeSign(event, data, id);
        else messages.push(toMessage(event, read(data), id));
      }, "an invalid event");
      if (++events > 1) told().holds = true;
      bookmark(id);
    },
    bookmark,
    retry(retryMs) {
      told().retry = retryMs;
    },
  };
  const decoder = createEventStreamDecoder(sink, { maxEventBytes: maxBytes + SPARE_LENGTH });
  return (chunk) => {
    batch = undefined;
    isAlive = false;
    const before = decoder.pending;
    let fault: unknown;
    try {
      decoder.push(chunk);
    } catch (error) {
      const isEndless = error instanceof RangeError && !(error instanceof TooLargeError);
      fault = isEndless ? new TooLargeError(undefined, decoder.pending, maxBytes, asked) : error;
    }
    const isProgress = isAlive || decoder.pending > before;
    return { batch, heartbeatMs: isAlive ? heartbeatMs : undefined, isProgress, fault };
  };
}

/** A {@link Batch} under construction. */
interface Draft extends Batch {
  messages: Message[];
  cursor?: Cursor;
  gap?: Gap;
  holds?: true;
  closed?: true;
  retry?: number;
}

function toMessage(event: string, data: unknown, cursor: string): Message {
  if (!isCursor(cursor)) throw new TypeError("invalid cursor");
  return event === "message" ? { cursor, data } : { cursor, event, data };
}

import { ConnectionError } from "@tidemark/client-core";
import { type Batch, decode } from "@tidemark/client-core/kit";
import {
  CLOSED_EVENT,
  type Cursor,
  createEventStreamDecoder,
  type Gap,
  isCursor,
  type Message,
  OPEN_EVENT,
  readGap,
  type StreamEvent,
} from "@tidemark/protocol";

/** What a server that says nothing else holds to, in seconds. */
const USUAL_HEARTBEAT_S = 15;

/** What one chunk of a stream brought. */
export interface Reading {
  /** Undefined for comments and the beginnings of blocks. */
  readonly batch: Batch | undefined;
  /** Whether an event was dispatched: the sign of life. */
  readonly alive: boolean;
  /** What made the rest of the stream useless; what the batch holds came before it. */
  readonly fault: ConnectionError | undefined;
}

/** Makes batches of the chunks of one stream. */
export class StreamReader {
  /** The longest silence that the server announced, in milliseconds. */
  heartbeatMs: number = USUAL_HEARTBEAT_S * 1000;
  /** Whether the stream has said anything, be it only when to come again. */
  spoke = false;
  readonly #decoder = createEventStreamDecoder();

  /** Throws a RangeError on an event that is too large to be taken. */
  read(chunk: Uint8Array): Reading {
    const batch: Draft = { messages: [] };
    let alive = false;
    let fault: ConnectionError | undefined;
    try {
      for (const item of this.#decoder.push(chunk)) {
        if (item.type === "retry") batch.retry = item.retryMs;
        else if (item.type === "bookmark") this.#move(batch, item.id);
        else if (item.type === "event") this.#take(batch, item.event);
        alive ||= item.type === "event";
      }
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      fault = error;
    }
    const says = alive || batch.retry !== undefined || batch.cursor !== undefined;
    this.spoke ||= says;
    return { batch: says ? batch : undefined, alive, fault };
  }

  #take(batch: Draft, event: StreamEvent): void {
    if (event.event.startsWith("$")) this.#takeSign(batch, event);
    else batch.messages.push(this.#message(event));
    this.#move(batch, event.id);
  }

  #takeSign(batch: Draft, { event, data }: StreamEvent): void {
    if (event === CLOSED_EVENT) batch.closed = true;
    if (event !== OPEN_EVENT) return;
    const { heartbeat, gap } = Object(parse(data));
    if (Number.isInteger(heartbeat) && heartbeat > 0) this.heartbeatMs = heartbeat * 1000;
    if (gap !== undefined) batch.gap = decode(() => readGap(gap), "a gap without its positions");
  }

  #message({ event, data, id }: StreamEvent): Message {
    if (!isCursor(id)) throw new ConnectionError("cut", "a message without a cursor");
    return { cursor: id, ...(event === "message" ? {} : { event }), data: parse(data) };
  }

  #move(batch: Draft, id: string): void {
    if (isCursor(id)) batch.cursor = id;
  }
}

/** A {@link Batch} in the making. */
interface Draft extends Batch {
  messages: Message[];
  cursor?: Cursor;
  gap?: Gap;
  closed?: true;
  retry?: number;
}

function parse(data: string): unknown {
  return decode(() => JSON.parse(data), "an event whose data is no JSON");
}

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
} from "@tidemark/protocol";

/** What a server that says nothing else holds to, in seconds. */
const USUAL_HEARTBEAT_S = 15;

/** The longest heartbeat that there is (SSE-OPEN-3), in seconds. */
const MAX_HEARTBEAT_S = 300;

const DOLLAR = 0x24;

/** What one chunk of a stream brought. */
export interface Reading {
  /** Undefined for comments and the beginnings of blocks. */
  readonly batch: Batch | undefined;
  /** Whether an event was dispatched: the sign of life. */
  readonly alive: boolean;
  /** What made the rest of the stream useless, a RangeError if an event is too large; the batch came before it. */
  readonly fault: unknown;
}

/** Makes batches of the chunks of one stream. */
export class StreamReader {
  /** The longest silence that the server announced, in milliseconds. */
  heartbeatMs: number = USUAL_HEARTBEAT_S * 1000;
  /** Whether the stream has said anything, be it only when to come again. */
  spoke = false;
  readonly #decoder = createEventStreamDecoder({
    event: (event, data, id) => this.#take(event, data, id),
    bookmark: (id) => this.#move(id),
    retry: (retryMs) => {
      this.#batch.retry = retryMs;
    },
  });
  #batch: Draft = { messages: [] };
  #alive = false;

  read(chunk: Uint8Array): Reading {
    this.#batch = { messages: [] };
    this.#alive = false;
    let fault: unknown;
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      fault = error;
    }
    const batch = this.#batch;
    const alive = this.#alive;
    const says = alive || batch.retry !== undefined || batch.cursor !== undefined;
    this.spoke ||= says;
    return { batch: says ? batch : undefined, alive, fault };
  }

  #take(event: string, data: string, id: string): void {
    if (event.charCodeAt(0) === DOLLAR) {
      this.#takeSign(event, data);
      this.#move(id);
    } else {
      if (!isCursor(id)) throw new ConnectionError("cut", "a message without a cursor");
      this.#batch.messages.push(readMessage(event, data, id));
      this.#batch.cursor = id;
    }
    this.#alive = true;
  }

  #takeSign(event: string, data: string): void {
    if (event === CLOSED_EVENT) this.#batch.closed = true;
    if (event !== OPEN_EVENT) return;
    const { heartbeat, gap } = Object(parse(data));
    const isHeartbeat = Number.isInteger(heartbeat) && heartbeat >= 1 && heartbeat <= MAX_HEARTBEAT_S;
    if (isHeartbeat) this.heartbeatMs = heartbeat * 1000;
    if (gap !== undefined) this.#batch.gap = decode(() => readGap(gap), "a gap without its positions");
  }

  #move(id: string): void {
    if (isCursor(id)) this.#batch.cursor = id;
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

function readMessage(event: string, data: string, cursor: Cursor): Message {
  return event === "message" ? { cursor, data: parse(data) } : { cursor, event, data: parse(data) };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new ConnectionError("cut", "an event whose data is no JSON", { cause });
  }
}

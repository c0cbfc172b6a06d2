import { type Block, type Comment, EventStreamReader } from "../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { mediaType } from "../../../engine/wire/headers.ts";
import { OWN_MARK } from "./payloads.ts";

/** An event of a stream: a block with `data`. */
export interface StreamEvent extends Block {
  readonly event: string;
  readonly data: string;
}

/** An open response, read as an event stream. */
export class Stream {
  readonly exchange: Exchange;
  readonly #reader = new EventStreamReader();
  readonly #events: StreamEvent[] = [];
  #takenChunks = 0;
  #takenBytes = 0;
  #takenBlocks = 0;
  #beginsWithId = false;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Whether the answer is `200` with the media type of a stream. */
  get isStream(): boolean {
    return this.exchange.status === 200 && mediaType(this.exchange.headers) === "text/event-stream";
  }

  /** What has come, read so far. */
  get reader(): EventStreamReader {
    this.#read();
    return this.#reader;
  }

  get blocks(): readonly Block[] {
    return this.reader.blocks;
  }

  get comments(): readonly Comment[] {
    return this.reader.comments;
  }

  /**
   * The blocks that dispatch an event, in order. An id in a block of its own also counts for the event before it, if
   * that one has none: a client that is cut behind both sends this id. If such a block comes before the first event,
   * nobody can tell whether the next ones belong to the event before them or behind them.
   */
  get events(): readonly StreamEvent[] {
    const { blocks } = this.reader;
    for (; this.#takenBlocks < blocks.length; this.#takenBlocks += 1) {
      const block = blocks[this.#takenBlocks];
      const last = this.#events.at(-1);
      if (block && isEvent(block)) this.#events.push(block);
      else if (block?.id && !last) this.#beginsWithId = true;
      else if (block?.id && last && last.id === undefined && !this.#beginsWithId)
        this.#events[this.#events.length - 1] = { ...last, id: block.id, lastId: block.lastId };
    }
    return this.#events;
  }

  /** The events that have an id of their own. */
  get withIds(): readonly StreamEvent[] {
    return this.events.filter(hasOwnId);
  }

  get lastId(): string {
    return this.blocks.at(-1)?.lastId ?? "";
  }

  /** Whether the server ended the response, cleanly or not. */
  get hasEnded(): boolean {
    const { ending } = this.exchange;
    return ending === "complete" || ending === "cut" || ending === "reset";
  }

  until(condition: () => boolean, limitMs: number): Promise<boolean> {
    return this.exchange.until(condition, limitMs);
  }

  #read(): void {
    const { body } = this.exchange;
    if (this.exchange.header("content-encoding") !== undefined) {
      this.#readCoded();
      return;
    }
    for (; this.#takenChunks < body.length; this.#takenChunks += 1) {
      const chunk = body[this.#takenChunks];
      if (chunk) this.#reader.push(chunk.bytes, chunk.atMs);
    }
  }

  /** Decode from the beginning each time, and read only the new bytes; such a stream is read for a short time only. */
  #readCoded(): void {
    const { body, content } = this.exchange;
    if (this.#takenChunks === body.length) return;
    this.#takenChunks = body.length;
    this.#reader.push(content.subarray(this.#takenBytes), body.at(-1)?.atMs ?? 0);
    this.#takenBytes = content.length;
  }
}

/** Whether an event has an id that is not a part of what the suite published. */
export function hasOwnId({ id = "" }: StreamEvent): boolean {
  return id !== "" && !OWN_MARK.test(id);
}

function isEvent(block: Block): block is StreamEvent {
  return block.event !== undefined && block.data !== undefined;
}

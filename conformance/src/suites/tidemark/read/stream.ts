import { type Block, EventStreamReader } from "../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { mediaType } from "../../../engine/wire/headers.ts";
import { parseJson } from "../../../engine/wire/json.ts";
import type { Message } from "./page.ts";

/** A running read by SSE: the exchange, and what its stream has delivered so far. */
export class EventStream {
  readonly exchange: Exchange;
  readonly #reader = new EventStreamReader();
  #taken = 0;
  #decodedLength = 0;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Whether the answer is `200` with the media type of a stream. */
  get isStream(): boolean {
    return this.exchange.status === 200 && mediaType(this.exchange.headers) === "text/event-stream";
  }

  /** Whether the server refused the stream softly (SSE-REFUSE-1): the answer is over, with one block of only `retry:`. */
  get isRefusal(): boolean {
    if (!this.isStream || this.exchange.ending !== "complete" || this.blocks.length !== 1) return false;
    const fields = this.blocks[0]?.lines.filter(({ name }) => name !== "") ?? [];
    return fields.length > 0 && fields.every(({ name }) => name === "retry");
  }

  /** The blocks that have come, in order. */
  get blocks(): readonly Block[] {
    this.#read();
    return this.#reader.blocks;
  }

  /** How many lines an unfinished block has. */
  get unfinished(): number {
    this.#read();
    return this.#reader.unfinished.length;
  }

  /** How many comments are outside of blocks. */
  get commentsAlone(): number {
    this.#read();
    return this.#reader.commentsAlone;
  }

  /** The messages that have come, in order. */
  get messages(): readonly Message[] {
    return this.blocks.filter(isMessage).map(toMessage);
  }

  /** The first block with this event name, if it has come. */
  find(event: string): Block | undefined {
    return this.blocks.find((block) => block.event === event);
  }

  /** The position that a reader would resume from; empty before the first id. */
  get lastId(): string {
    return this.blocks.at(-1)?.lastId ?? "";
  }

  /** Wait until the condition holds, the stream is over, or the limit has passed. */
  until(condition: () => boolean, limitMs: number): Promise<boolean> {
    return this.exchange.until(condition, limitMs);
  }

  #read(): void {
    if (this.exchange.header("content-encoding") !== undefined) this.#readCoded();
    for (; this.#taken < this.exchange.body.length; this.#taken += 1) {
      const chunk = this.exchange.body[this.#taken];
      if (chunk) this.#reader.push(chunk.bytes, chunk.atMs);
    }
  }

  /** Decode a compressed stream from its beginning each time, and read only the new bytes. */
  #readCoded(): void {
    if (this.#taken === this.exchange.body.length) return;
    this.#taken = this.exchange.body.length;
    const content = this.exchange.content;
    this.#reader.push(content.subarray(this.#decodedLength), this.exchange.body.at(-1)?.atMs ?? 0);
    this.#decodedLength = content.length;
  }
}

/** Whether a block is a message: it has an event name that is not one of the protocol's. */
export function isMessage(block: Block): boolean {
  return block.event !== undefined && !block.event.startsWith("$");
}

function toMessage(block: Block): Message {
  return {
    cursor: block.id ?? "",
    event: block.event ?? "message",
    data: parseJson(block.data ?? "") ?? null,
  };
}

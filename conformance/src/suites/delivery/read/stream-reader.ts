import { setTimeout as delay } from "node:timers/promises";
import { EventStreamReader } from "../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { type HeaderLine, mediaType } from "../../../engine/wire/headers.ts";
import type { StreamConfig } from "../dialect/dialect.ts";
import { fillRequest, type Values } from "../dialect/fill.ts";
import { isShown } from "../dialect/places.ts";
import { type Interpreter, readBlock } from "./answer.ts";
import { type From, Reader, type Sender } from "./reader.ts";
import { ANSWER_MS, beginning } from "./request-reader.ts";

/** A reader that connects more often than this is not served. */
const MAX_CONNECTIONS = 60;

/** How long a reader waits before it connects again. */
const RETRY_MS = 60;

/** How often the stream is looked at while nothing comes. */
const LOOK_MS = 200;

/** The configuration of a reader of a stream. */
export interface StreamReading {
  readonly config: StreamConfig;
  readonly values: Values;
  readonly interpreter: Interpreter;
}

/** Reads a stream, and opens it again where it was cut. */
export class StreamReader extends Reader {
  readonly #reading: StreamReading;
  #parser = new EventStreamReader();
  #takenChunks = 0;
  #takenBlocks = 0;
  #bytes = 0;
  #cutAfter: number | undefined;
  /** How often it was cut by {@link StreamReader.cutNext}. */
  cuts = 0;

  constructor(reading: StreamReading, sender: Sender, tag: string, from: From) {
    super("sse", sender, tag);
    this.#reading = reading;
    this.position = beginning(reading.config, from);
  }

  get isReading(): boolean {
    return this.exchange?.status !== undefined;
  }

  /** Cut the present connection after so many more bytes of its body. */
  cutNext(bytes: number): void {
    this.#cutAfter = this.#bytes + bytes;
  }

  override pause(isPaused: boolean): void {
    super.pause(isPaused);
    this.exchange?.pause(isPaused);
  }

  protected async follow(): Promise<void> {
    while (!this.isStopped && !this.sender.signal.aborted && this.requests < MAX_CONNECTIONS) {
      const exchange = this.#open();
      await exchange.until(() => this.isStopped || exchange.status !== undefined, ANSWER_MS * 2);
      if (exchange.status !== undefined && !this.#isStream(exchange)) return;
      if (exchange.status === undefined && !this.isStopped) {
        this.refusal = exchange;
        return;
      }
      await this.#read(exchange);
      if (this.ends.length > 0) return;
      if (!this.isStopped) await delay(RETRY_MS);
    }
  }

  #open(): Exchange {
    const { config, values } = this.#reading;
    const { request } = config;
    const { fields = {} } = request;
    const template = { ...request, fields: { Accept: "text/event-stream", ...fields } };
    const all = { ...values, ...this.position };
    const init = fillRequest(template, all);
    const id = usesPosition(request, this.position) ? undefined : this.position?.position;
    const lines: readonly HeaderLine[] =
      id === undefined ? [] : [["Last-Event-ID", Buffer.from(id, "utf8").toString("latin1")]];
    const exchange = this.sender.send({ ...init, headers: [...(init.headers ?? []), ...lines] }, "sse");
    this.exchange = exchange;
    this.requests += 1;
    this.#parser = new EventStreamReader();
    this.#takenChunks = 0;
    this.#takenBlocks = 0;
    this.#bytes = 0;
    return exchange;
  }

  /** Whether it is a stream; what else it is has been taken. */
  #isStream(exchange: Exchange): boolean {
    if (exchange.status === 200 && mediaType(exchange.headers) === "text/event-stream") return true;
    const { loss, end } = this.#reading.config;
    const parts = { exchange, json: undefined };
    if (isShown(loss, parts)) this.losses.push(exchange);
    if (isShown(end, parts)) this.ends.push({ exchange, after: this.got.length });
    else this.refusal = exchange;
    return false;
  }

  async #read(exchange: Exchange): Promise<void> {
    for (;;) {
      this.#pull(exchange);
      const isOver = this.isStopped || exchange.ending !== undefined || this.ends.length > 0;
      if (isOver) break;
      await exchange.until(() => this.isStopped || exchange.body.length > this.#takenChunks, LOOK_MS);
    }
    exchange.abort();
    this.forget();
  }

  #pull(exchange: Exchange): void {
    const { body } = exchange;
    for (; this.#takenChunks < body.length; this.#takenChunks += 1) {
      const chunk = body[this.#takenChunks];
      if (!chunk) continue;
      const most = this.#cutAfter === undefined ? undefined : this.#cutAfter - this.#bytes;
      const isCut = most !== undefined && chunk.bytes.length > most;
      this.#parser.push(isCut ? chunk.bytes.subarray(0, Math.max(0, most)) : chunk.bytes, chunk.atMs);
      this.#bytes += chunk.bytes.length;
      this.#interpret(exchange);
      if (!isCut) continue;
      this.#cutAfter = undefined;
      this.cuts += 1;
      exchange.abort();
      this.#takenChunks = body.length; // what came after the cut was never read
      return;
    }
  }

  #interpret(exchange: Exchange): void {
    const { config, interpreter } = this.#reading;
    const { blocks } = this.#parser;
    for (; this.#takenBlocks < blocks.length; this.#takenBlocks += 1) {
      const block = blocks[this.#takenBlocks];
      if (block) this.take(readBlock(config, block, exchange, interpreter), exchange);
    }
  }
}

/** Whether the request has a place for a part of the position. */
function usesPosition(request: object, position: Readonly<Record<string, string>> = {}): boolean {
  const text = JSON.stringify(request);
  return Object.keys({ position: "", ...position }).some((name) => text.includes(`{${name}}`));
}

import { ANSWER_LIMIT_MS } from "../../../../engine/run/http-context.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import type { Block } from "../../../../engine/wire/event-stream.ts";
import type { EventStream } from "../../read/stream.ts";
import type { Query, TestContext } from "./context.ts";

/** The most streams that one reader opens. */
const MAX_STREAMS = 40;

/**
 * A reader by SSE. A server may end a stream after any block; the reader then reconnects from the last id.
 * Its `blocks` are those of all its streams.
 */
export class StreamReader {
  readonly #t: TestContext;
  readonly #channel: Channel;
  readonly #before: Block[] = [];
  readonly #query: Query;
  #stream: EventStream;
  #streams = 1;

  private constructor(t: TestContext, channel: Channel, query: Query, stream: EventStream) {
    this.#t = t;
    this.#channel = channel;
    this.#query = query;
    this.#stream = stream;
  }

  /** Start at a position; the other parameters are sent with every request. */
  static async open(
    t: TestContext,
    channel: Channel,
    after: string,
    query: Query = {},
  ): Promise<StreamReader> {
    return new StreamReader(t, channel, query, await t.openStream(channel, { ...query, after }));
  }

  /** The current stream. */
  get stream(): EventStream {
    return this.#stream;
  }

  /** The blocks of all streams, in order; each stream begins with its own `$open`. */
  get blocks(): readonly Block[] {
    return [...this.#before, ...this.#stream.blocks];
  }

  /** Read until `done`, until the channel is closed, or until the limit. Resolves to whether it is done. */
  async until(
    done: (blocks: readonly Block[]) => boolean,
    limitMs: number = ANSWER_LIMIT_MS,
  ): Promise<boolean> {
    while (this.#streams < MAX_STREAMS) {
      const held = await this.#t.until(this.#stream.exchange, () => done(this.blocks), limitMs);
      if (held || this.#stream.exchange.ending === undefined) return held;
      if (this.#stream.find("$closed") || !this.#stream.isStream) return held;
      await this.#again();
    }
    return done(this.blocks);
  }

  /** Drop the connection. */
  stop(): void {
    this.#stream.exchange.abort();
  }

  async #again(): Promise<void> {
    const position = this.#stream.lastId;
    this.#before.push(...this.#stream.blocks);
    this.#streams += 1;
    this.#stream = await this.#t.openStream(this.#channel, { ...this.#query, after: position });
  }
}

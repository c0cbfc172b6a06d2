import type { EventStream } from "../read/stream.ts";
import type { Channel } from "../run/target.ts";
import type { Block } from "../wire/event-stream.ts";
import { ANSWER_LIMIT_MS, type TestContext } from "./context.ts";

/** Most streams that one reader opens. */
const MAX_STREAMS = 40;

/**
 * A reader by SSE that connects again from the last id whenever the server ends the stream, as a server may
 * after any block. What it has read is the blocks of all its streams.
 */
export class Follower {
  readonly #t: TestContext;
  readonly #channel: Channel;
  readonly #before: Block[] = [];
  #stream: EventStream;
  #streams = 1;

  /** @param stream the first stream, open already */
  constructor(t: TestContext, channel: Channel, stream: EventStream) {
    this.#t = t;
    this.#channel = channel;
    this.#stream = stream;
  }

  /** Begin at a position. */
  static async open(t: TestContext, channel: Channel, after: string): Promise<Follower> {
    return new Follower(t, channel, await t.openStream(channel, { after }));
  }

  /** The stream that is read at present. */
  get stream(): EventStream {
    return this.#stream;
  }

  /** Blocks of all streams, in order; each stream begins with its own `$open`. */
  get blocks(): readonly Block[] {
    return [...this.#before, ...this.#stream.blocks];
  }

  /** Read until the blocks suffice, the channel is closed, or the limit has gone. Resolves to whether they suffice. */
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
    this.#stream = await this.#t.openStream(this.#channel, { after: position });
  }
}

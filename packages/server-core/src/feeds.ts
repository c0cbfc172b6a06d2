import type { Log } from "@tidemark/log";
import { FEED_READ, Feed, type FeedOptions } from "./feed.ts";
import { FeedReader } from "./feed-reader.ts";
import { SharedReads } from "./shared-reads.ts";

/** The feeds of one server: one for each channel that somebody follows. */
export class Feeds {
  readonly reads: SharedReads;
  readonly #log: Log;
  readonly #feeds = new Map<string, Feed>();
  readonly #options: Pick<FeedOptions, "heartbeatMs" | "onError">;

  constructor(log: Log, options: Pick<FeedOptions, "heartbeatMs" | "onError">) {
    this.#log = log;
    this.#options = options;
    this.reads = new SharedReads(log);
  }

  /** How many channels are followed. */
  get size(): number {
    return this.#feeds.size;
  }

  /** Join the channel's feed, which begins with its first reader; it leaves when `signal` aborts, or by itself. */
  async join(channel: string, wantsTicks: boolean, signal: AbortSignal): Promise<FeedReader> {
    const feed = this.#feeds.get(channel) ?? this.#begin(channel);
    feed.lease();
    const readLog = (cursor: string) => this.reads.read(channel, cursor, FEED_READ);
    const reader = new FeedReader(feed, readLog, wantsTicks);
    if (signal.aborted) reader.close();
    else signal.addEventListener("abort", () => reader.close(), { once: true });
    try {
      await feed.ready;
      return reader;
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  #begin(channel: string): Feed {
    const onEnd = (feed: Feed): void => {
      if (this.#feeds.get(channel) === feed) this.#feeds.delete(channel);
    };
    const feed = new Feed(this.#log, channel, { ...this.#options, onEnd });
    this.#feeds.set(channel, feed);
    return feed;
  }
}

import type { Log } from "@tidemark/log";
import type { Position } from "@tidemark/protocol";
import { BurstReads } from "../caches/burst-reads.ts";
import { SharedReads } from "../caches/shared-reads.ts";
import { Delays } from "../observe/delays.ts";
import type { Observer } from "../observe/observer.ts";
import { type ReaderBehind, ReadersBehind } from "../observe/readers-behind.ts";
import { Clock } from "./clock.ts";
import { FEED_READ, Feed } from "./feed.ts";
import { FeedReader } from "./feed-reader.ts";

/** The clock's period as a part of the heartbeat, so that two ticks take less than one heartbeat. */
const BEAT_PART = 0.45;

/** The most feeds without readers that are kept for a while; one more ends at once. */
const MAX_LINGERING = 1_000;

/** What feeds need from their server. */
export interface FeedsOptions {
  readonly heartbeatMs: number;
  readonly onError: (error: unknown) => void;
  /** How long a feed is kept without readers: a long-polling client returns right after an answer. @defaultValue 1_000 */
  readonly lingerMs?: number;
  readonly observer?: Observer | undefined;
}

/** The feeds of one server: one for each channel that has readers. */
export class Feeds {
  readonly reads: SharedReads;
  /** For readers that start to follow or catch up. */
  readonly burst: BurstReads;
  readonly #log: Log;
  readonly #feeds = new Map<string, Feed>();
  readonly #behind: ReadersBehind | undefined;
  /** By channel, for the channels that have a feed. */
  readonly #delays = new Map<string, Delays>();
  readonly #options: FeedsOptions;
  readonly #clock: Clock;
  /** An upper bound of the feeds that are kept without readers: some of them may have readers again. */
  #lingering = 0;

  constructor(log: Log, options: FeedsOptions) {
    this.#log = log;
    this.#options = options;
    this.#behind = options.observer && new ReadersBehind();
    this.#clock = new Clock(options.heartbeatMs * BEAT_PART);
    this.reads = new SharedReads(log);
    this.burst = new BurstReads(log, (channel, from) => this.reads.read(channel, from, FEED_READ));
  }

  /** How many channels have readers. */
  get size(): number {
    let followed = 0;
    for (const feed of this.#feeds.values()) if (feed.isFollowed) followed += 1;
    return followed;
  }

  /** Join the channel's feed, and create it for the first reader. The caller has to close the reader. */
  async join(channel: string): Promise<FeedReader> {
    const feed = this.#feeds.get(channel) ?? this.#begin(channel);
    const reader = this.#lease(feed);
    try {
      await feed.ready;
      return reader;
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  /** The same, synchronously; undefined if the channel has no ready feed. */
  joinNow(channel: string): FeedReader | undefined {
    const feed = this.#feeds.get(channel);
    return feed?.isReady ? this.#lease(feed) : undefined;
  }

  /** Whether the channel has a feed that can be followed from `cursor`. */
  isAt(channel: string, cursor: Position): boolean {
    return this.#feeds.get(channel)?.goesOnFrom(cursor) ?? false;
  }

  /** The readers that are behind the end of their channels; none if nobody observes. */
  readersBehind(): Iterable<ReaderBehind> {
    return this.#behind?.all() ?? [];
  }

  /** An append that began at `beganMs` has stored messages up to `cursor`. */
  stored(channel: string, cursor: string, beganMs: number): void {
    this.#delays.get(channel)?.appended(cursor, beganMs);
  }

  #lease(feed: Feed): FeedReader {
    feed.lease();
    return new FeedReader(feed);
  }

  #begin(channel: string): Feed {
    const { observer } = this.#options;
    const delays = observer && new Delays(observer);
    if (delays) this.#delays.set(channel, delays);
    const feed = new Feed(this.#log, channel, {
      observed: delays && this.#behind && { delays, behind: this.#behind },
      burst: this.burst,
      clock: this.#clock,
      onError: this.#options.onError,
      onLeft: (left) => this.#linger(left),
      onEnd: (ended) => {
        if (this.#feeds.get(channel) !== ended) return;
        this.#feeds.delete(channel);
        this.#delays.delete(channel);
      },
    });
    this.#feeds.set(channel, feed);
    return feed;
  }

  /** Keep a feed without readers for `lingerMs`, for readers that return soon. */
  #linger(feed: Feed): void {
    const { lingerMs = 1_000 } = this.#options;
    if (lingerMs === 0 || this.#lingering >= MAX_LINGERING) {
      feed.end();
      return;
    }
    this.#lingering += 1;
    const over = (): void => {
      this.#lingering -= 1;
      if (!feed.isFollowed) feed.end();
    };
    setTimeout(over, lingerMs).unref();
  }
}

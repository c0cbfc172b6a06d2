import type { Log, ReadOptions, Unwatch } from "@tidemark/log";
import { type Cursor, type Position, ProtocolError, type RawPage } from "@tidemark/protocol";
import type { BurstReads } from "../caches/burst-reads.ts";
import type { ObservedFeed } from "../observe/observed-feed.ts";
import type { Lag } from "../observe/readers-behind.ts";
import type { Clock } from "./clock.ts";
import { Crowd, type Member } from "./crowd.ts";
import { FeedWindow } from "./feed-window.ts";

/** The limits of one read by a feed, or by a reader that catches up. */
export const FEED_READ: Readonly<Required<ReadOptions>> = { maxMessages: 1_000, maxBytes: 256 * 1024 };

/** A caught-up reader. It receives each new page synchronously. */
export interface Follower extends Member {
  /** The last cursor that it has received. */
  readonly cursor: Cursor;
  /** Receive the page after {@link cursor}. Before returning, move the cursor to the end of the page, or unfollow. */
  take(page: RawPage): void;
  /** A tick of the feed's clock. */
  tick(): void;
  /** The channel was removed, or retention overtook the feed. The follower was removed; check it like a new request. */
  broken(): void;
}

/** What a feed needs from its server. */
export interface FeedOptions {
  /** For readers that catch up. */
  readonly burst: BurstReads;
  /** Ticks slightly more often than twice per heartbeat. */
  readonly clock: Clock;
  /** Called with failures of the log that no request waits for; the feed retries by itself. */
  readonly onError: (error: unknown) => void;
  /** Undefined if nobody observes. */
  readonly observed: ObservedFeed | undefined;
  /** Called when the last reader has left. The feed continues until {@link Feed.end}, and can be joined. */
  readonly onLeft: (feed: Feed) => void;
  /** Called when the feed has ended. It must not be joined any more. */
  readonly onEnd: (feed: Feed) => void;
}

/**
 * Watches a channel for all its readers: it owns the only watch, reads each message once, and passes it to the
 * followers at its cursor. The log is the only source of messages: wake-ups carry no data, and the feed also reads at
 * every heartbeat. So a lost wake-up delays a message, but never loses it.
 */
export class Feed {
  /** Resolves once the watch is established and the end of the log was read after it. Joining is exact from then on. */
  readonly ready: Promise<void>;
  readonly #log: Log;
  readonly #channel: string;
  readonly #options: FeedOptions;
  readonly #window = new FeedWindow();
  readonly #stopClock: () => void;
  readonly #followers = new Crowd<Follower>();
  #unwatch: Unwatch | undefined;
  #cursor: Cursor | undefined;
  #closed = false;
  #leases = 0;
  #ended = false;
  #broken = false;
  #strokes = 0;
  #passed = 0;
  /** Something may have changed since the last read began. */
  #dirty = false;
  /** A read is in progress or scheduled. */
  #busy = true;
  /** The callers of {@link settle} that wait for the next read. */
  #settlers: (() => void)[] = [];

  constructor(log: Log, channel: string, options: FeedOptions) {
    this.#log = log;
    this.#channel = channel;
    this.#options = options;
    this.#stopClock = options.clock.add(() => this.#stroke());
    this.ready = this.#start();
  }

  /** Whether it can be followed without waiting for {@link ready}. */
  get isReady(): boolean {
    return this.#cursor !== undefined && !this.#ended;
  }

  get isFollowed(): boolean {
    return this.#leases > 0;
  }

  /** How many messages it has read. */
  get passed(): number {
    return this.#passed;
  }

  /** A reader is behind. Returns undefined if nobody counts these readers. */
  fallBehind(): Lag | undefined {
    return this.#options.observed?.behind.add(this.#channel, this);
  }

  /** Whether it has ended at a gap. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether the feed is at `cursor`: a follower that joins in this turn misses nothing. */
  isAt(cursor: Cursor): boolean {
    return cursor === this.#cursor;
  }

  /** The messages after `cursor` that the window has; undefined at the feed's own cursor while the channel is open. */
  after(cursor: Cursor): RawPage | undefined {
    if (!this.isAt(cursor)) return this.#window.after(cursor);
    return this.#closed ? { messages: [], from: cursor, cursor, more: false, closed: true } : undefined;
  }

  /** Whether a reader can follow from `cursor`: the feed is there, and the channel is still open. */
  goesOnFrom(cursor: Position): boolean {
    return !this.#ended && !this.#closed && cursor === this.#cursor;
  }

  /** Pass new pages to this follower from now on. False if it cannot follow from its cursor. */
  follow(follower: Follower): boolean {
    if (!this.goesOnFrom(follower.cursor)) return false;
    this.#followers.add(follower);
    return true;
  }

  unfollow(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** Read the log after `cursor`, for a reader that is behind the window. @throws ProtocolError as `Log.read` */
  readLog(cursor: Cursor): Promise<RawPage> {
    return this.#options.burst.read(this.#channel, cursor);
  }

  /** Resolves when a read that began after this call has ended, successfully or not. */
  settle(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.#settlers.push(resolve);
      this.#wake();
    });
  }

  /** Count one more reader. */
  lease(): void {
    this.#leases += 1;
  }

  /** Count one reader less. */
  release(): void {
    this.#leases -= 1;
    if (this.#leases === 0 && !this.#ended) this.#options.onLeft(this);
  }

  /** End the watch. Idempotent. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopClock();
    for (const resolve of this.#settlers.splice(0)) resolve();
    this.#unwatch?.().catch(this.#options.onError);
    this.#options.onEnd(this);
  }

  async #start(): Promise<void> {
    try {
      const unwatch = await this.#log.watch(this.#channel, () => this.#wake(true));
      if (this.#ended) return void (await unwatch());
      this.#unwatch = unwatch;
      const { cursor, closed } = await this.#log.read(this.#channel, "end", { maxMessages: 1 });
      this.#cursor = cursor;
      this.#closed = closed;
      this.#next();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  #wake(isByLog = false): void {
    if (isByLog) this.#options.observed?.delays.woken();
    this.#dirty = true;
    if (!this.#busy) this.#next();
  }

  /** Schedule a read if needed. It starts after this turn, so that changes that arrive together share one read. */
  #next(): void {
    this.#busy = this.#dirty && !this.#ended;
    if (this.#busy) setImmediate(() => void this.#read());
  }

  async #read(): Promise<void> {
    this.#dirty = false;
    const settlers = this.#settlers;
    this.#settlers = [];
    try {
      const from = this.#cursor;
      if (!this.#ended && from !== undefined)
        this.#advance(await this.#log.read(this.#channel, from, FEED_READ));
    } catch (error) {
      this.#fail(error);
    }
    for (const resolve of settlers) resolve();
    this.#next();
  }

  #advance(page: RawPage): void {
    if (this.#ended) return;
    const delays = this.#options.observed?.delays;
    if (this.isAt(page.cursor) && page.closed === this.#closed) return void delays?.idle();
    if (!this.isAt(page.cursor)) this.#window.push(page);
    this.#cursor = page.cursor;
    this.#closed = page.closed;
    this.#dirty ||= page.more;
    this.#passed += page.messages.length;
    this.#tell(page);
    delays?.written(page);
  }

  /** A gap at the feed's own cursor ends the feed. Any other failure is the log's, and the clock retries. */
  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#broken = error instanceof ProtocolError && error.code === "gap";
    if (!this.#broken) {
      this.#options.onError(error);
      return;
    }
    this.end();
    this.#followers.visit((follower) => {
      this.#followers.delete(follower);
      follower.broken();
    });
  }

  #stroke(): void {
    this.#strokes += 1;
    if (this.#strokes % 2 === 0) this.#wake();
    this.#followers.visit((follower) => follower.tick());
  }

  /** Pass a page to all followers. A follower that throws is removed; the others still get the page. */
  #tell(page: RawPage): void {
    this.#followers.visit((follower) => {
      // Skip a follower that already has this page, or that joined at the feed's new cursor during the visit.
      if (follower.cursor !== page.from) return;
      try {
        follower.take(page);
      } catch (error) {
        this.#followers.delete(follower);
        this.#options.onError(error);
        follower.broken();
      }
    });
  }
}

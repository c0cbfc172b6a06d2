import type { Log, ReadOptions, Unwatch } from "@tidemark/log";
import { type Cursor, type Position, ProtocolError, type RawPage } from "@tidemark/protocol";
import type { BurstReads } from "./burst-reads.ts";
import type { Clock } from "./clock.ts";
import { Crowd, type Member } from "./crowd.ts";
import { FeedWindow } from "./feed-window.ts";

/** How much a feed, or a reader that catches up, takes from the log at once. */
export const FEED_READ: Readonly<Required<ReadOptions>> = { maxMessages: 1_000, maxBytes: 256 * 1024 };

/** Who stands at the feed's cursor and is told of what comes, in the turn in which the feed learns of it. */
export interface Follower extends Member {
  /** Where it stands. */
  readonly cursor: Cursor;
  /** What follows {@link cursor}, which is to move to the page's in this call, or the follower to leave. */
  take(page: RawPage): void;
  /** The feed's clock. */
  tick(): void;
  /** The channel was removed, or the feed fell behind retention: whoever reads has to be judged again. It has left. */
  broken(): void;
}

/** What a feed needs from its server. */
export interface FeedOptions {
  /** For readers that catch up. */
  readonly burst: BurstReads;
  /** Beats somewhat more than twice a heartbeat. */
  readonly clock: Clock;
  /** Told of failures of the log that no request waits for; the feed tries again by itself. */
  readonly onError: (error: unknown) => void;
  /** The last reader has left: the feed goes on until {@link Feed.end}, and can be joined. */
  readonly onLeft: (feed: Feed) => void;
  /** The feed has ended, and is not to be joined any more. */
  readonly onEnd: (feed: Feed) => void;
}

/**
 * The one who watches a channel for all its readers: it owns the only watch, reads each message once, and hands it
 * to whoever stands at its cursor. The log stays the truth: wake-ups carry nothing, and a safety read at every
 * heartbeat makes a lost one cost time and never a message.
 */
export class Feed {
  /** Resolves once the watch is established and the end was read after it; joining is exact from then on. */
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
  /** Something may have changed since the last read began. */
  #dirty = false;
  /** A read is under way or will be on this turn of the event loop. */
  #busy = true;
  /** Those who wait for a read that begins after they asked. */
  #settlers: (() => void)[] = [];

  constructor(log: Log, channel: string, options: FeedOptions) {
    this.#log = log;
    this.#channel = channel;
    this.#options = options;
    this.#stopClock = options.clock.add(() => this.#stroke());
    this.ready = this.#start();
  }

  /** Whether it can be followed in this very turn. */
  get isReady(): boolean {
    return this.#cursor !== undefined && !this.#ended;
  }

  get isFollowed(): boolean {
    return this.#leases > 0;
  }

  /** Whether the channel's cursors are to be judged again before anything is read on. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether `cursor` is where the feed stands, so that nothing can come between parking there and the next news. */
  isAt(cursor: Cursor): boolean {
    return cursor === this.#cursor;
  }

  /** What follows `cursor`, as far as the feed has it at hand; undefined at the feed's own cursor while it is open. */
  after(cursor: Cursor): RawPage | undefined {
    if (!this.isAt(cursor)) return this.#window.after(cursor);
    return this.#closed ? { messages: [], from: cursor, cursor, more: false, closed: true } : undefined;
  }

  /** Whether one can follow from `cursor`, and something can still come. */
  goesOnFrom(cursor: Position): boolean {
    return !this.#ended && !this.#closed && cursor === this.#cursor;
  }

  /** Be told of what comes from now on; false unless the follower stands at the feed's cursor and it goes on. */
  follow(follower: Follower): boolean {
    if (!this.goesOnFrom(follower.cursor)) return false;
    this.#followers.add(follower);
    return true;
  }

  unfollow(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** The log's own page after `cursor`, for a reader whom the window does not reach. @throws ProtocolError as `Log.read` */
  readLog(cursor: Cursor): Promise<RawPage> {
    return this.#options.burst.read(this.#channel, cursor);
  }

  /** Resolves after a read that began after this call, whether it succeeded or not. */
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

  /** Count one less. */
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
      const unwatch = await this.#log.watch(this.#channel, () => this.#wake());
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

  #wake(): void {
    this.#dirty = true;
    if (!this.#busy) this.#next();
  }

  /** Read again if need be, after this turn of the event loop: what arrives together is read together. */
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
    if (this.#ended || (this.isAt(page.cursor) && page.closed === this.#closed)) return;
    if (!this.isAt(page.cursor)) this.#window.push(page);
    this.#cursor = page.cursor;
    this.#closed = page.closed;
    this.#dirty ||= page.more;
    this.#tell(page);
  }

  /** A gap at the feed's own cursor ends it; any other failure is the log's, and the clock tries again. */
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

  /** One that fails to take it is let go of; it is no reason to keep it from the others. */
  #tell(page: RawPage): void {
    this.#followers.visit((follower) => {
      // Who was told already, or has come to the feed's new cursor meanwhile, needs nothing.
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

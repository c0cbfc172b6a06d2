import type { Log, ReadOptions, Unwatch } from "@tidemark/log";
import { type Cursor, ProtocolError, type RawPage } from "@tidemark/protocol";
import { FeedWindow } from "./feed-window.ts";

/** How much a feed, or a reader that catches up, takes from the log at once. */
export const FEED_READ: Readonly<Required<ReadOptions>> = { maxMessages: 1_000, maxBytes: 256 * 1024 };

/** The feed's clock runs at this part of the heartbeat, so that two strokes stay below it. */
const TICK_PART = 0.45;

/** What a parked reader is woken with. */
export type FeedNews =
  | { readonly type: "page"; readonly page: RawPage }
  /** The feed's clock; for those who asked for it. */
  | { readonly type: "tick" }
  /** The channel was removed, or the feed fell behind retention: whoever reads has to be judged again. */
  | { readonly type: "broken" };

/** A reader that stands at the feed's cursor and waits. It is woken once and has then left. */
export interface Parked {
  readonly wantsTicks: boolean;
  wake(news: FeedNews): void;
}

/** What a feed needs from its server. */
export interface FeedOptions {
  readonly heartbeatMs: number;
  /** Told of failures of the log that no request waits for; the feed tries again by itself. */
  readonly onError: (error: unknown) => void;
  /** The feed has ended, by its last reader leaving or by breaking, and is not to be joined any more. */
  readonly onEnd: (feed: Feed) => void;
}

const TICK: FeedNews = { type: "tick" };
const BROKEN: FeedNews = { type: "broken" };

/**
 * The one who watches a channel for all its readers: it owns the only watch, reads each message once, and wakes
 * whoever stands at its cursor. The log stays the truth: wake-ups carry nothing, and a safety read at every
 * heartbeat makes a lost one cost time and never a message.
 */
export class Feed {
  /** Resolves once the watch is established and the end was read after it; joining is exact from then on. */
  readonly ready: Promise<void>;
  readonly #log: Log;
  readonly #channel: string;
  readonly #options: FeedOptions;
  readonly #window = new FeedWindow();
  readonly #timer: NodeJS.Timeout;
  #parked = new Set<Parked>();
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
    this.#timer = setInterval(() => this.#stroke(), options.heartbeatMs * TICK_PART).unref();
    this.ready = this.#start();
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

  /** Wait at the feed's cursor: call it in the same turn in which {@link isAt} was true. */
  park(reader: Parked): void {
    this.#parked.add(reader);
  }

  unpark(reader: Parked): void {
    this.#parked.delete(reader);
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

  /** Count one less; the last one ends the feed. */
  release(): void {
    this.#leases -= 1;
    if (this.#leases === 0) this.#end();
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
      this.#end();
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
    this.#wakeAll({ type: "page", page });
  }

  /** A gap at the feed's own cursor ends it; any other failure is the log's, and the clock tries again. */
  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#broken = error instanceof ProtocolError && error.code === "gap";
    if (!this.#broken) {
      this.#options.onError(error);
      return;
    }
    this.#end();
    this.#wakeAll(BROKEN);
  }

  #stroke(): void {
    this.#strokes += 1;
    if (this.#strokes % 2 === 0) this.#wake();
    for (const reader of [...this.#parked].filter((parked) => parked.wantsTicks)) {
      this.#parked.delete(reader);
      reader.wake(TICK);
    }
  }

  #wakeAll(news: FeedNews): void {
    const parked = this.#parked;
    this.#parked = new Set();
    for (const reader of parked) reader.wake(news);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    for (const resolve of this.#settlers.splice(0)) resolve();
    this.#unwatch?.().catch(this.#options.onError);
    this.#options.onEnd(this);
  }
}

import type { Cursor, RawPage } from "@tidemark/protocol";
import type { Feed, FeedNews, Parked } from "./feed.ts";

/** What a reader gets next: news of the feed, or what interrupted it. */
export type News = FeedNews | Interruption;

/** Why a reader stops waiting: its time is over, the server lets go of it, or the exchange is over. */
export interface Interruption {
  readonly type: "timeout" | "leave" | "gone";
}

/**
 * One reader of a feed. It joins by equality of cursors in one synchronous turn, and catches up by pages of the log
 * where the feed cannot help; so it loses nothing, repeats nothing, and nothing is queued for it while it is slow.
 */
export class FeedReader implements Parked {
  readonly wantsTicks: boolean;
  readonly #feed: Feed;
  readonly #readLog: (cursor: Cursor) => Promise<RawPage>;
  #interruption: Interruption | undefined;
  #resolve: ((news: News) => void) | undefined;
  #closed = false;

  /** `feed` was leased for this reader. */
  constructor(feed: Feed, readLog: (cursor: Cursor) => Promise<RawPage>, wantsTicks: boolean) {
    this.#feed = feed;
    this.#readLog = readLog;
    this.wantsTicks = wantsTicks;
  }

  /**
   * What comes after `cursor`; waits until there is something. One call at a time.
   * @throws ProtocolError as `Log.read`: `gap` if retention overtook the reader
   */
  next(cursor: Cursor): Promise<News> {
    if (this.#interruption || this.#feed.broken || !this.#feed.isAt(cursor) || this.#feed.after(cursor))
      return this.#catchUp(cursor);
    return this.#park();
  }

  /** Stop waiting, now or at the next call. The first interruption stays. */
  interrupt(interruption: Interruption): void {
    this.#interruption ??= interruption;
    this.#feed.unpark(this);
    this.#settle(interruption);
  }

  /** @internal */
  wake(news: FeedNews): void {
    this.#settle(news);
  }

  /** Leave the feed. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.interrupt({ type: "gone" });
    this.#feed.release();
  }

  #park(): Promise<News> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#feed.park(this);
    });
  }

  #settle(news: News): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(news);
  }

  async #catchUp(cursor: Cursor): Promise<News> {
    for (;;) {
      if (this.#interruption) return this.#interruption;
      if (this.#feed.broken) return { type: "broken" };
      const page = this.#feed.after(cursor);
      if (page) return { type: "page", page };
      if (this.#feed.isAt(cursor)) return this.#park();
      const read = await this.#readLog(cursor);
      if (read.cursor !== cursor || read.closed) return { type: "page", page: read };
      // Nothing after `cursor` in the log, and the feed is elsewhere: it is behind, and one read brings it up.
      if (!this.#feed.isAt(cursor)) await this.#feed.settle();
    }
  }
}

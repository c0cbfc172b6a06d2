import type { Cursor, RawPage } from "@tidemark/protocol";
import type { Lag } from "../observe/readers-behind.ts";
import type { Feed, Follower } from "./feed.ts";

/**
 * One reader's place in a feed. It joins when its cursor equals the feed's, in one synchronous turn. Otherwise it
 * catches up from the feed's window or from the log. So it loses nothing and repeats nothing, and nothing is queued
 * while it is slow.
 */
export class FeedReader {
  private readonly feed: Feed;
  private closed = false;
  /** Set while the reader is behind, if someone counts such readers. */
  private lag: Lag | undefined;

  /** `feed` was leased for this reader. */
  constructor(feed: Feed) {
    this.feed = feed;
  }

  /** Whether the feed has ended at a gap: the reader has to be checked like a new request before it reads on. */
  get broken(): boolean {
    return this.feed.broken;
  }

  /** Follow the feed from this turn on. False if the follower is not at the feed's cursor: call {@link read} then. */
  follow(follower: Follower): boolean {
    if (this.closed || !this.feed.follow(follower)) return false;
    this.catchUp();
    return true;
  }

  /** Count this reader as one that is behind, until it follows or closes. */
  fallBehind(): void {
    if (!this.closed) this.lag ??= this.feed.fallBehind();
  }

  unfollow(follower: Follower): void {
    this.feed.unfollow(follower);
  }

  /**
   * The messages after `cursor`, from the feed's window or else from the log. Undefined if there are none: then the
   * feed is up to date, and can be followed.
   * @throws ProtocolError as `Log.read`: `gap` if retention overtook the reader
   */
  async read(cursor: Cursor): Promise<RawPage | undefined> {
    const known = this.feed.after(cursor);
    const page = known ?? (await this.feed.readLog(cursor));
    this.lag?.count(page.messages.length);
    if (known) return known;
    if (page.cursor !== cursor || page.closed) return page;
    // The log has nothing after `cursor`, but the feed is elsewhere: it is behind, and one read brings it up to date.
    if (!this.feed.isAt(cursor)) await this.feed.settle();
    return undefined;
  }

  /** Leave the feed. Call {@link unfollow} first. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.catchUp();
    this.feed.release();
  }

  private catchUp(): void {
    this.lag?.end();
    this.lag = undefined;
  }
}

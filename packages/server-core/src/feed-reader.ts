import type { Cursor, RawPage } from "@tidemark/protocol";
import type { Feed, Follower } from "./feed.ts";

/**
 * One reader's place in a feed. It joins by equality of cursors in one synchronous turn, and catches up by pages of
 * the log where the feed cannot help; so it loses nothing, repeats nothing, and nothing is queued while it is slow.
 */
export class FeedReader {
  private readonly feed: Feed;
  private closed = false;

  /** `feed` was leased for this reader. */
  constructor(feed: Feed) {
    this.feed = feed;
  }

  /** Whether the channel's cursors are to be judged again before anything is read on. */
  get broken(): boolean {
    return this.feed.broken;
  }

  /** Stand at the feed's cursor from this very turn on; false if the follower's is another: then {@link read} is next. */
  follow(follower: Follower): boolean {
    return !this.closed && this.feed.follow(follower);
  }

  unfollow(follower: Follower): void {
    this.feed.unfollow(follower);
  }

  /**
   * What follows `cursor`, from the feed's window or else the log. Undefined where nothing does: the feed has been
   * brought up to there, and can be followed.
   * @throws ProtocolError as `Log.read`: `gap` if retention overtook the reader
   */
  async read(cursor: Cursor): Promise<RawPage | undefined> {
    const known = this.feed.after(cursor);
    if (known) return known;
    const page = await this.feed.readLog(cursor);
    if (page.cursor !== cursor || page.closed) return page;
    // Nothing after `cursor` in the log, and the feed is elsewhere: it is behind, and one read brings it up.
    if (!this.feed.isAt(cursor)) await this.feed.settle();
    return undefined;
  }

  /** Leave the feed; who follows it unfollows first. Idempotent. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.feed.release();
  }
}

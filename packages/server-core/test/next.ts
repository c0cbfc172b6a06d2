// Reads a feed step by step in a plain loop: the calls that a follower gets, as promises.
import type { RawPage } from "@tidemark/protocol";
import type { Follower } from "../src/feed/feed.ts";
import type { FeedReader } from "../src/feed/feed-reader.ts";

/** What a reader gets next. */
export type News =
  | { readonly type: "page"; readonly page: RawPage }
  | { readonly type: "tick" }
  | { readonly type: "broken" };

/** The next news after `cursor`; waits for it. @throws ProtocolError as `Log.read` */
export async function nextOf(reader: FeedReader, cursor: string): Promise<News> {
  for (;;) {
    if (reader.broken) return { type: "broken" };
    const parked = park(reader, cursor);
    if (parked) return parked;
    const page = await reader.read(cursor);
    if (page) return { type: "page", page };
  }
}

/** The same without the clock's ticks. */
export async function newsOf(reader: FeedReader, cursor: string): Promise<News> {
  for (;;) {
    const news = await nextOf(reader, cursor);
    if (news.type !== "tick") return news;
  }
}

/** Follow until the next news; undefined if the feed is not at `cursor`. */
function park(reader: FeedReader, cursor: string): Promise<News> | undefined {
  let resolve = (_: News): void => undefined;
  const news = new Promise<News>((done) => {
    resolve = done;
  });
  const leave = (what: News): void => {
    reader.unfollow(follower);
    resolve(what);
  };
  const follower: Follower = {
    seat: -1,
    cursor,
    take: (page) => leave({ type: "page", page }),
    tick: () => leave({ type: "tick" }),
    broken: () => leave({ type: "broken" }),
  };
  return reader.follow(follower) ? news : undefined;
}

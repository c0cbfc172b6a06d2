import { ProtocolError, type RawPage } from "@tidemark/protocol";
import {
  type Answer,
  begin,
  type ChannelContext,
  type ChannelRequest,
  type FeedReader,
  type News,
  pageAnswer,
  selectEvents,
} from "@tidemark/server-core";

/** The answer to a request whose client has gone. */
const UNREAD: Answer = { status: 200, headers: {} };

/** Clients that are let go of come again spread over this time, in milliseconds. */
const COME_AGAIN_MS = 5_000;

/** Hold a request at `cursor`, the end of the log so far, until there is something to tell. Spec: long polling. */
export async function hold(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  waitMs: number,
): Promise<Answer> {
  if (channel.draining) return judgeAnew(request, channel, cursor, true);
  const connection = channel.connect("held");
  if (!connection) throw new ProtocolError("unavailable", "Too many requests are held");
  let reader: FeedReader | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    // The clock runs from here: setting up the feed is part of the wait.
    const started = performance.now();
    const joined = await channel.join();
    reader = joined;
    connection.whenLeaving(() => joined.interrupt({ type: "leave" }));
    timer = setTimeout(() => joined.interrupt({ type: "timeout" }), waitMs - (performance.now() - started));
    return await wait(request, channel, joined, cursor);
  } finally {
    clearTimeout(timer);
    reader?.close();
    connection.close();
  }
}

async function wait(
  request: ChannelRequest,
  channel: ChannelContext,
  reader: FeedReader,
  from: string,
): Promise<Answer> {
  let cursor = from;
  for (;;) {
    const news = await nextOrBroken(reader, cursor);
    if (news.type === "gone") return UNREAD;
    if (news.type !== "page") return judgeAnew(request, channel, cursor, news.type === "leave");
    const page = selectEvents(news.page, request.read.events, channel.limit);
    if (isNews(page)) {
      await channel.judge();
      return pageAnswer(page);
    }
    cursor = page.cursor;
  }
}

/** A gap that a reader meets on its way is told by judging the request anew. */
async function nextOrBroken(reader: FeedReader, cursor: string): Promise<News> {
  try {
    return await reader.next(cursor);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "gap") return { type: "broken" };
    throw error;
  }
}

/** Answer as if the request had just arrived at `cursor`, from the log itself. Spec: long polling, LP-WAIT-4 and 5. */
async function judgeAnew(
  request: ChannelRequest,
  channel: ChannelContext,
  cursor: string,
  leaving: boolean,
): Promise<Answer> {
  await channel.judge();
  const { page, gap } = await begin(channel, request.read, cursor);
  return pageAnswer(page, { gap, retryMs: leaving ? Math.random() * COME_AGAIN_MS : undefined });
}

/** Whether a page is worth an answer before the wait is over. */
export function isNews(page: RawPage): boolean {
  return page.messages.length > 0 || page.closed;
}

import type { ReadOptions } from "@tidemark/log";
import {
  type Gap,
  type Position,
  ProtocolError,
  type RawPage,
  type ReadRequest,
  readGap,
} from "@tidemark/protocol";
import { FEED_READ } from "../feed/feed.ts";
import type { ChannelContext } from "../request/channel-context.ts";
import { selectEvents } from "./select-events.ts";

/** The first page of a read, and the gap before it, if any. */
export interface Beginning {
  readonly page: RawPage;
  readonly gap: Gap | undefined;
}

/**
 * Read the first page of a request, from `from` and with its filter. If `from` is a gap, read from where the request
 * chooses with `gap=`. Spec: core, CORE-GAP-1 and 4.
 * @throws ProtocolError `gap` if the request has no `gap=`
 */
export async function begin(
  channel: ChannelContext,
  read: Pick<ReadRequest, "gap" | "events">,
  from: Position,
  limit: number = channel.limit,
): Promise<Beginning> {
  const { events } = read;
  try {
    const page = await channel.read(from, boundsOf(events, limit));
    return { page: selectEvents(page, events, limit), gap: undefined };
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === "gap")) throw error;
    return beginAfterGap(channel, read, error, limit);
  }
}

/** The same for a stream, which will follow the channel's feed from the end of this page. */
export async function beginStream(
  channel: ChannelContext,
  read: Pick<ReadRequest, "gap" | "events">,
  from: Position,
): Promise<Beginning> {
  const { maxMessages } = FEED_READ;
  try {
    return { page: selectEvents(await channel.readToFollow(from), read.events, maxMessages), gap: undefined };
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === "gap")) throw error;
    return beginAfterGap(channel, read, error, maxMessages);
  }
}

/** Continue after a gap where the request chooses with `gap=`. @throws ProtocolError `error` if it has no `gap=` */
export async function beginAfterGap(
  channel: ChannelContext,
  read: Pick<ReadRequest, "gap" | "events">,
  error: ProtocolError,
  limit: number = channel.limit,
): Promise<Beginning> {
  if (read.gap === undefined) throw error;
  const { events } = read;
  const gap = readGap(error.members);
  const bounds = boundsOf(events, limit);
  // Try the position that the gap names first: reading from "start" could meet the same gap again.
  const raw = await channel.read(gap[read.gap], bounds).catch((failure: unknown) => {
    if (!(failure instanceof ProtocolError && failure.code === "gap")) throw failure;
    return channel.read(read.gap ?? "start", bounds); // retention overtook it
  });
  const page = selectEvents(raw, events, limit);
  return { page, gap: { ...gap, [read.gap]: page.from } };
}

/** The gap for a token that cannot be a cursor of this channel. Spec: sse, SSE-RESUME-4. */
export async function unknownGap(channel: ChannelContext, requested: string): Promise<ProtocolError> {
  const one = { maxMessages: 1 };
  const [oldest, newest] = await Promise.all([channel.read("start", one), channel.read("end", one)]);
  return new ProtocolError("gap", "This is not a cursor of this channel", {
    members: { reason: "unknown", requested, start: oldest.from, end: newest.cursor },
  });
}

/** With a filter, scan as much as a feed reads at once, whatever the limit: few messages may pass the filter. */
function boundsOf(events: readonly string[] | undefined, limit: number): ReadOptions {
  const maxMessages = events ? Math.max(limit, FEED_READ.maxMessages) : limit;
  return { maxMessages, maxBytes: FEED_READ.maxBytes };
}

import { isCursor, parseReadRequest } from "@tidemark/protocol";
import {
  type Answer,
  begin,
  type ChannelContext,
  type ChannelRequest,
  type Mechanism,
  pageAnswer,
} from "@tidemark/server-core";
import { hold, isNews } from "./hold.ts";

/** Options of {@link longPollMechanism}. */
export interface LongPollOptions {
  /** The longest wait, in whole seconds from 1 to 3600; stay below the idle timeout of every proxy. @defaultValue 60 */
  readonly maxWaitS?: number;
}

/** Long polling as a mechanism, to combine with polling. Spec: long polling. */
export function longPollMechanism(options: LongPollOptions = {}): Mechanism {
  const { maxWaitS = 60 } = options;
  if (!Number.isInteger(maxWaitS) || maxWaitS < 1 || maxWaitS > 3_600)
    throw new RangeError(`maxWaitS has to be a whole number from 1 to 3600, not ${maxWaitS}`);
  return {
    name: "long-poll",
    methods: ["GET", "HEAD"],
    claims: ({ maxLimit }) => ({ mechanisms: ["long-poll"], maxLimit, maxWaitS }),
    parse: parseReadRequest,
    // A HEAD is never held.
    accepts: ({ method, read }) =>
      method !== "HEAD" && read.waitS !== undefined && (!read.sse || (read.acceptsJson && "fallback")),
    answer: (request, channel) => answerLongPoll(request, channel, maxWaitS),
  };
}

function answerLongPoll(request: ChannelRequest, channel: ChannelContext, maxWaitS: number): Promise<Answer> {
  const { after = "start", waitS = 0 } = request.read;
  const waitMs = Math.min(waitS, maxWaitS) * 1_000;
  // If the channel's feed is already at this cursor, the request can wait there without reading the log.
  if (waitMs > 0 && channel.isFollowedAt(after)) return hold(request, channel, after, waitMs);
  return answerAtOnce(request, channel, after, waitMs);
}

async function answerAtOnce(
  request: ChannelRequest,
  channel: ChannelContext,
  after: string,
  waitMs: number,
): Promise<Answer> {
  const { page, gap } = await begin(channel, request.read, after);
  if (gap || isNews(page) || page.more || waitMs === 0 || !isCursor(after))
    return pageAnswer(page, channel, { gap });
  return hold(request, channel, page.cursor, waitMs);
}

import { parseReadRequest } from "@tidemark/protocol";
import { answerPoll, type Log, type Mechanism, type PollOptions } from "@tidemark/server-core";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { type LongPollOptions, longPollMechanism } from "./long-poll-mechanism.ts";

/** Options of {@link longPolling}. */
export interface LongPollingOptions extends LongPollOptions, PollOptions, ServeOptions {}

/** Serve a log's channels by long polling, and by polling if a request has no `wait`. Spec: long polling. */
export function longPolling(log: Log, options: LongPollingOptions = {}): ServerMiddleware {
  const poll: Mechanism = {
    name: "poll",
    methods: ["GET", "HEAD"],
    claims: ({ maxLimit }) => ({ mechanisms: ["poll"], maxLimit }),
    parse: parseReadRequest,
    accepts: ({ method, read }) => method === "HEAD" || !read.sse || (read.acceptsJson && "fallback"),
    answer: (request, channel) => answerPoll(request, channel, options),
  };
  return serve(log, [longPollMechanism(options), poll], options);
}

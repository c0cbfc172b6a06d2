import { parseReadRequest } from "@tidemark/protocol";
import { answerPoll, type Log, type Mechanism, type PollOptions } from "@tidemark/server-core";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";

/** Options of {@link polling}. */
export interface PollingOptions extends PollOptions, ServeOptions {}

/** Polling as a mechanism, to combine with others. Spec: polling. */
export function pollMechanism(options: PollOptions = {}): Mechanism {
  return {
    name: "poll",
    methods: ["GET", "HEAD"],
    claims: ({ maxLimit }) => ({ mechanisms: ["poll"], maxLimit }),
    parse: parseReadRequest,
    accepts: ({ method, read }) => method === "HEAD" || !read.sse || (read.acceptsJson && "fallback"),
    answer: (request, channel) => answerPoll(request, channel, options),
  };
}

/** Serve a log's channels by polling: every read is answered at once with a page. Spec: polling. */
export function polling(log: Log, options: PollingOptions = {}): ServerMiddleware {
  return serve(log, [pollMechanism(options)], options);
}

import { parseReadRequest } from "@tidemark/protocol";
import { answerPoll, type Mechanism, type PollOptions } from "@tidemark/server-core";

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

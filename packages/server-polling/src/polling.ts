import type { Log, PollOptions } from "@tidemark/server-core";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { pollMechanism } from "./poll-mechanism.ts";

/** Options of {@link polling}. */
export interface PollingOptions extends PollOptions, ServeOptions {}

/** Serve a log's channels by polling: every read is answered at once with a page. Spec: polling. */
export function polling(log: Log, options: PollingOptions = {}): ServerMiddleware {
  return serve(log, [pollMechanism(options)], options);
}

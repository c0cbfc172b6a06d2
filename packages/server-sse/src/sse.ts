import type { Log } from "@tidemark/server-core";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { type SseMechanismOptions, sseMechanism } from "./sse-mechanism.ts";

/** Options of {@link sse}. */
export interface SseOptions extends SseMechanismOptions, ServeOptions {}

/**
 * Serve a log's channels as `text/event-stream`. Resumes from `Last-Event-ID`, else from `lastEventId`, else from
 * `after`. Spec: sse.
 */
export function sse(log: Log, options: SseOptions = {}): ServerMiddleware {
  return serve(log, [sseMechanism(options)], options);
}

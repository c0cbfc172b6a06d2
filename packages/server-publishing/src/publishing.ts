import type { Log } from "@tidemark/server-core";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { type PublishOptions, publishMechanism } from "./publish-mechanism.ts";

/** Options of {@link publishing}. */
export interface PublishingOptions extends PublishOptions, ServeOptions {}

/** Accept publishes to a log's channels. Spec: publishing. */
export function publishing(log: Log, options: PublishingOptions = {}): ServerMiddleware {
  return serve(log, [publishMechanism(options)], options);
}

import type { Log } from "@tidemark/log";
import { type ServeOptions, type ServerMiddleware, serve } from "@tidemark/server-core/koa";
import { type MechanismOptions, mechanismsOf } from "@tidemark/server-fetch/mechanisms";

/** Options of {@link tidemark}; those of a mechanism are grouped under its name. */
export interface TidemarkOptions extends ServeOptions, MechanismOptions {}

/** Serve a log's channels by every mechanism on one URL, including publishing and the filter `event=`. */
export function tidemark(log: Log, options: TidemarkOptions = {}): ServerMiddleware {
  return serve(log, mechanismsOf(options), { eventFilter: true, ...options });
}

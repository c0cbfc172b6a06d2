import type { Log } from "@tidemark/log";
import { type Channels, type ChannelsOptions, channels as serve } from "@tidemark/server-fetch";
import { hooksOf, observe, SHORT } from "./observe.ts";

export function channels(log: Log, options: ChannelsOptions = {}): Channels {
  const hooks = hooksOf((request, name) => (request as Request).headers.get(name));
  return observe(serve(log, { ...SHORT, ...hooks, ...options }), log);
}

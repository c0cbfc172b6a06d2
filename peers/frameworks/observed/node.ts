import type { IncomingMessage } from "node:http";
import type { Log } from "@tidemark/log";
import { type NodeChannels, type NodeChannelsOptions, channels as serve } from "@tidemark/server-fetch/node";
import { hooksOf, observe, SHORT } from "./observe.ts";

export function channels(log: Log, options: NodeChannelsOptions = {}): NodeChannels {
  const hooks = hooksOf((request, name) => (request as IncomingMessage).headers[name]);
  return observe(serve(log, { ...SHORT, ...hooks, ...options }), log);
}

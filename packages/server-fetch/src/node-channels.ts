import type { IncomingMessage } from "node:http";
import type { Log } from "@tidemark/log";
import { ChannelServer } from "@tidemark/server-core";
import { type NodeHandler, nodeHandler } from "@tidemark/server-core/node";
import type { ServerOptions } from "./channels.ts";
import { type MechanismOptions, mechanismsOf } from "./mechanisms.ts";

/** Options of {@link channels}. */
export interface NodeChannelsOptions extends ServerOptions<IncomingMessage>, MechanismOptions {}

/** Answers a request of `node:http` or `node:http2`, and can be observed and drained. */
export interface NodeChannels extends NodeHandler {
  /** What is held now: streams, held polls, feeds; all 0 when nobody reads. */
  readonly stats: ChannelServer["stats"];
  /** End everything that is held, before the process ends: `drain({ windowMs: 5_000 })`. */
  readonly drain: ChannelServer["drain"];
}

/**
 * Serve the channels of a log by `node:http` or `node:http2`, or in a framework that hands out their requests: Express,
 * Fastify, NestJS, the Pages Router of Next.js. The function returns false if a request is not for a channel: then it
 * has not touched the request.
 * @throws RangeError or TypeError for an invalid option
 */
export function channels(log: Log, options: NodeChannelsOptions = {}): NodeChannels {
  const server = new ChannelServer<IncomingMessage>(log, mechanismsOf(options), {
    eventFilter: true,
    ...options,
  });
  return Object.assign(nodeHandler(server), {
    stats: () => server.stats(),
    drain: (how?: { readonly windowMs?: number }) => server.drain(how),
  });
}

import type { IncomingMessage } from "node:http";
import type { Log } from "@tidemark/log";
import type { Context, Middleware } from "koa";
import { ChannelServer } from "../channel-server.ts";
import type { Mechanism } from "../mechanism.ts";
import { inTurn, isPipelined } from "../node/in-turn.ts";
import { type NodeHandler, nodeHandler } from "../node/node-handler.ts";
import { NodeRequest } from "../node/node-request.ts";
import { NodeRim } from "../node/node-rim.ts";
import type { BodyHolder } from "../node/parsed-body.ts";
import type { ChannelServerOptions } from "../server-options.ts";
import { ContextOutlet } from "./context-outlet.ts";

/** What hooks get as `visit.request`: Koa's context, or through `handle` the request of `node:http`. */
export type ServedRequest = Context | IncomingMessage;

/** Options of every server middleware. */
export interface ServeOptions extends ChannelServerOptions<ServedRequest> {}

/** The middleware, and functions to observe and drain it. Paths other than `path` go to the next middleware. */
export interface ServerMiddleware extends Middleware {
  /** The server in the middleware, for other adapters. */
  readonly channels: ChannelServer<ServedRequest>;
  readonly stats: ChannelServer["stats"];
  readonly drain: ChannelServer["drain"];
  /** Answer a request before Koa, if no other middleware has to see it: the same answers at lower cost. */
  readonly handle: NodeHandler;
}

/** Serve the channels of a log by some mechanisms, as Koa middleware. @throws for an invalid option */
export function serve(
  log: Log,
  mechanisms: readonly Mechanism[],
  options: ServeOptions = {},
): ServerMiddleware {
  const channels = new ChannelServer<ServedRequest>(log, mechanisms, options);
  return Object.assign(koaMiddleware(channels), {
    channels,
    stats: () => channels.stats(),
    drain: (how?: { readonly windowMs?: number }) => channels.drain(how),
    handle: nodeHandler(channels),
  });
}

/** Serve channels as Koa middleware. Other paths go to the next middleware. */
export function koaMiddleware(channels: ChannelServer<Context>): Middleware {
  const rim = new NodeRim(channels);

  return async function tidemark(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    const { req, res } = ctx;
    const target = channels.locate(ctx.method, ctx.url);
    if (target === undefined) return void (await next());
    if (target === "invalid") return refuseTarget(ctx);
    const failed = (error: unknown): void => void ctx.app.emit("error", error, ctx);
    if (req.httpVersionMajor === 1 && isPipelined(req, res))
      await new Promise<void>((resolve) => inTurn(req, res, resolve));
    if (!rim.claim(req, res, failed)) return leave(ctx);
    // A body parser may have stored the body on Koa's request.
    const request = new NodeRequest(
      req,
      res,
      { ...target, host: target.host ?? ctx.host },
      ctx,
      ctx.request as BodyHolder,
    );
    const answer = await channels.answer(request, failed);
    // If writing fails, Koa answers 500 and reports the error.
    if (rim.deliver(req, res, answer, new ContextOutlet(ctx, channels.streams), failed) === undefined)
      leave(ctx);
  };
}

/** Reject an invalid request target, and end the connection after the answer. */
function refuseTarget(ctx: Context): void {
  ctx.status = 400;
  if (ctx.req.httpVersionMajor < 2) ctx.set("Connection", "close");
}

/** The response belongs to other code, or its client has disconnected: Koa must not touch it either. */
function leave(ctx: Context): void {
  ctx.respond = false;
}

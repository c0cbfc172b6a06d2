import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@tidemark/log";
import type { Context, Middleware } from "koa";
import { type Answer, abandon, isStreamed } from "./answer.ts";
import { channelPath } from "./channel-path.ts";
import type { ChannelServerOptions, ServerStats } from "./channel-server.ts";
import type { CorsOptions } from "./cors.ts";
import { HttpExchange } from "./http-exchange.ts";
import { inTurn, isPipelined } from "./in-turn.ts";
import type { Mechanism } from "./mechanism.ts";
import { claimBody, releaseBody } from "./read-body.ts";
import { readTarget } from "./request-target.ts";
import { respond } from "./respond.ts";
import { Rim } from "./rim.ts";
import { ResponseSink } from "./stream-sink.ts";

/** Options of every server middleware. */
export interface ServeOptions extends ChannelServerOptions {
  /** URL path of the channels. Other paths go to the next middleware. @defaultValue "/channels/:channel" */
  readonly path?: string;
  /** What pages of other origins may do; `null`: nothing. @defaultValue every origin may read, without cookies; none may write */
  readonly cors?: CorsOptions | null;
  /**
   * The host names of the server, without ports. A request with another `Host` gets `403`, which stops DNS rebinding.
   * Loopback names are always accepted; `0.0.0.0` or `::` in the list accepts every address. `null`: a proxy in front
   * checks `Host`. By default every name is accepted, but the server's own pages may write only if `Host` is an address
   * or a loopback name, which an attacker's DNS cannot fake.
   * @throws TypeError for a name with a scheme, a port or a path
   */
  readonly hosts?: readonly string[] | null;
  /**
   * How long a stream's reader may take no bytes before it is cut off, in milliseconds. Each byte taken restarts the
   * time. @defaultValue 60_000
   */
  readonly drainTimeoutMs?: number;
  /** Write streams through the response only, never straight to the connection. @defaultValue false @internal */
  readonly plainStreams?: boolean;
}

/** The middleware, and functions to observe and drain it. */
export interface ServerMiddleware extends Middleware {
  stats(): ServerStats;
  /**
   * End everything that is held, before the process ends: held polls are answered at once, and streams end, spread over
   * `windowMs` (default 5 000). Resolves when none is left.
   */
  drain(options?: { readonly windowMs?: number }): Promise<void>;
  /**
   * Answer a request of `node:http` before Koa, if no other middleware has to see it: the same answers at lower cost.
   * False if it is not for a channel, or not HTTP/1: the request is untouched then. `failed` is called with failures of
   * the server (default `onError`).
   */
  handle(req: IncomingMessage, res: ServerResponse, failed?: (error: unknown) => void): boolean;
}

/**
 * Serve the channels of a log by some mechanisms: the Koa middleware around `ChannelServer`. It adds the header fields
 * of every answer. Streams are written to the connection directly, so that what is queued for a reader is bounded.
 */
export function serve(
  log: Log,
  mechanisms: readonly Mechanism[],
  options: ServeOptions = {},
): ServerMiddleware {
  const { path = "/channels/:channel" } = options;
  const rim = new Rim(log, mechanisms, options);
  const nameOf = channelPath(path);

  async function tidemark(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    const target = readTarget(ctx.method, ctx.url);
    if (target === undefined) return refuseTarget(ctx);
    const channel = nameOf(target.path);
    if (channel === undefined) return void (await next());
    const failed = (error: unknown): void => void ctx.app.emit("error", error, ctx);
    if (ctx.req.httpVersionMajor === 1 && isPipelined(ctx.req, ctx.res))
      await new Promise<void>((resolve) => inTurn(ctx.req, ctx.res, resolve));
    if (rim.isTaken(ctx.res, failed)) return leave(ctx);
    claimBody(ctx.req);
    ctx.res.on("error", rim.wroteLate);
    const exchange = new HttpExchange(ctx.req, ctx.res, channel ?? "", target.search, ctx);
    const answer = await rim.answer(exchange, channel === null, target.host ?? ctx.host, failed);
    releaseBody(ctx.req);
    if (!rim.isTaken(ctx.res, failed)) return writeAnswer(ctx, rim, answer);
    if (isStreamed(answer.body)) abandon(answer.body);
    leave(ctx);
  }
  return Object.assign(tidemark, {
    stats: () => rim.server.stats(),
    drain: ({ windowMs = 5_000 }: { readonly windowMs?: number } = {}) => rim.server.drain(windowMs),
    handle: (req: IncomingMessage, res: ServerResponse, failed = rim.onError) =>
      respond(rim, nameOf, req, res, failed),
  });
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

function writeAnswer(ctx: Context, rim: Rim, answer: Answer): void {
  const { body } = answer;
  try {
    setHead(ctx, rim, answer);
  } catch (error) {
    if (isStreamed(body)) abandon(body);
    throw error; // Koa answers 500 and reports it
  }
  if (body === undefined) return;
  if (isStreamed(body)) {
    ctx.respond = false;
    body.start(new ResponseSink(ctx.res, rim.sinkOptions));
  } else {
    ctx.body = typeof body === "string" ? body : Buffer.from(body);
  }
}

function setHead(ctx: Context, rim: Rim, answer: Answer): void {
  ctx.status = answer.status;
  if (isStreamed(answer.body)) ctx.remove("Content-Length");
  const fields = rim.fieldsOf(ctx.method, ctx.req, answer);
  for (let at = 0; at < fields.length; at += 2) {
    const [name = "", value = ""] = [fields[at], fields[at + 1]];
    if (name === "Vary") ctx.vary(value.split(", "));
    else ctx.set(name, value);
  }
}

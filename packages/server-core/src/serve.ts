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
  /** Where the channels are. Other paths go to the next middleware. @defaultValue "/channels/:channel" */
  readonly path?: string;
  /** Pages of other origins; `null` for none. @defaultValue pages of every origin may read, without cookies; none may write */
  readonly cors?: CorsOptions | null;
  /**
   * The host names by which the server can be asked, without ports; others get `403`, which stops DNS rebinding. Loopback
   * names are always among them, every address if `0.0.0.0` or `::` is. `null`: something in front judges `Host`.
   * Unless given, every name is taken, but pages of the server itself may write only if it is asked by an address or a
   * loopback name, which no stranger's DNS can fake. @throws TypeError for a name with a scheme, a port or a path
   */
  readonly hosts?: readonly string[] | null;
  /**
   * How long a stream's reader may take none of the bytes that wait for it, in milliseconds; taking any begins the
   * time anew. @defaultValue 60_000
   */
  readonly drainTimeoutMs?: number;
  /** Write streams through the response only, never straight to the connection. @defaultValue false @internal */
  readonly plainStreams?: boolean;
}

/** The middleware, and what its owner can see and do. */
export interface ServerMiddleware extends Middleware {
  stats(): ServerStats;
  /**
   * Let go of everything that is held, before the process ends: held polls are answered at once, streams end spread
   * over `windowMs` (5 000 unless given). Resolves when none is left.
   */
  drain(options?: { readonly windowMs?: number }): Promise<void>;
  /**
   * Answer a request of `node:http` ahead of Koa, where no other middleware has to see it: the same answers for less.
   * False if it is not for a channel, or not by HTTP/1: then nothing was done with it. `failed` is told of failures
   * of the server's own (`onError` unless given).
   */
  handle(req: IncomingMessage, res: ServerResponse, failed?: (error: unknown) => void): boolean;
}

/**
 * Serve the channels of a log by some mechanisms: the Koa rim around `ChannelServer`. It adds what every answer has in
 * common. Streams are written to the connection directly, so that what is queued for a reader is bounded.
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

/** Such a text is no HTTP: the connection ends after the answer. */
function refuseTarget(ctx: Context): void {
  ctx.status = 400;
  if (ctx.req.httpVersionMajor < 2) ctx.set("Connection", "close");
}

/** The response belongs to other code, or to nobody any more: Koa does nothing with it either. */
function leave(ctx: Context): void {
  ctx.respond = false;
}

function writeAnswer(ctx: Context, rim: Rim, answer: Answer): void {
  const { body } = answer;
  try {
    setHead(ctx, rim, answer);
  } catch (error) {
    if (isStreamed(body)) abandon(body);
    throw error; // Koa answers 500, and tells
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

import type { Log } from "@tidemark/log";
import { formatClaims, ProtocolError } from "@tidemark/protocol";
import type { Context, Middleware } from "koa";
import { type Answer, isStreamed } from "./answer.ts";
import { channelPath } from "./channel-path.ts";
import type { Visit } from "./channel-request.ts";
import { ChannelServer, type ChannelServerOptions, type ServerStats } from "./channel-server.ts";
import { type CorsOptions, cors, mayPublish } from "./cors.ts";
import type { Mechanism } from "./mechanism.ts";
import { writeStream } from "./write-stream.ts";

/** Options of every server middleware. */
export interface ServeOptions extends ChannelServerOptions {
  /** Where the channels are. Other paths go to the next middleware. @defaultValue "/channels/:channel" */
  readonly path?: string;
  /** Pages of other origins; `null` for none. @defaultValue all of them, without cookies */
  readonly cors?: CorsOptions | null;
  /** How long a stream's reader may take none of the bytes that wait for it, in milliseconds. @defaultValue 60_000 */
  readonly drainTimeoutMs?: number;
}

/** The middleware, and what its owner can see and do. */
export interface ServerMiddleware extends Middleware {
  stats(): ServerStats;
  /**
   * Let go of everything that is held, before the process ends: held polls are answered at once, streams end spread
   * over `windowMs` (5 000 unless given). Resolves when none is left.
   */
  drain(options?: { readonly windowMs?: number }): Promise<void>;
}

/**
 * Serve the channels of a log by some mechanisms: the Koa rim around {@link ChannelServer}. It adds what every answer
 * has in common. Streams are written to the connection directly, so that what is queued for a reader is bounded.
 */
export function serve(
  log: Log,
  mechanisms: readonly Mechanism[],
  options: ServeOptions = {},
): ServerMiddleware {
  const { path = "/channels/:channel", cors: corsOptions = {} } = options;
  const server = new ChannelServer(log, mechanisms, options);
  const nameOf = channelPath(path);
  const setCommon = commonHeaders(server, corsOptions);

  async function tidemark(ctx: Context, next: () => Promise<unknown>): Promise<void> {
    const channel = nameOf(ctx.path);
    if (channel === undefined) return void (await next());
    const answer = await answerVisit(server, ctx, channel, corsOptions);
    setCommon(ctx);
    writeAnswer(ctx, answer, options);
  }
  return Object.assign(tidemark, {
    stats: () => server.stats(),
    drain: ({ windowMs = 5_000 }: { readonly windowMs?: number } = {}) => server.drain(windowMs),
  });
}

/** The answer to a request, failures of our own included: they go to the application's `error` event as Koa's do. */
async function answerVisit(
  server: ChannelServer,
  ctx: Context,
  channel: string | null,
  corsOptions: CorsOptions | null,
): Promise<Answer> {
  if (channel === null)
    return server.refusal(new ProtocolError("no-such-channel", "No channel can have this name"));
  if (!mayPublish(corsOptions, ctx))
    return server.refusal(new ProtocolError("forbidden", "Pages of this origin may not publish here"));
  try {
    // Leaving the loop over a body early would else destroy the connection, and with it the answer.
    const body = ctx.req.iterator({ destroyOnReturn: false });
    return await server.answer(visitOf(ctx, channel), body);
  } catch (cause) {
    ctx.app.emit("error", cause, ctx);
    return server.refusal(new ProtocolError("internal", "The server failed", { cause }));
  }
}

function writeAnswer(ctx: Context, { status, headers, body }: Answer, options: ServeOptions): void {
  const { drainTimeoutMs = 60_000, onError = console.error } = options;
  // What is left of a refused body is thrown away as it comes.
  if (ctx.method === "POST" && !ctx.req.complete) ctx.req.resume();
  ctx.status = status;
  ctx.set(headers);
  if (body === undefined) return;
  ctx.set("X-Content-Type-Options", "nosniff");
  if (isStreamed(body)) {
    ctx.respond = false;
    writeStream(ctx.res, body, drainTimeoutMs).catch(onError);
  } else {
    ctx.body = typeof body === "string" ? body : Buffer.from(body);
  }
}

function visitOf(ctx: Context, channel: string): Visit {
  const over = new AbortController();
  if (ctx.res.destroyed) over.abort();
  else ctx.res.once("close", () => over.abort());
  return {
    method: ctx.method,
    channel,
    query: new URLSearchParams(ctx.querystring),
    headers: ctx.headers,
    remoteAddress: ctx.req.socket.remoteAddress,
    signal: over.signal,
  };
}

/** Sets what every answer has, before the answer's own fields. Spec: core, "Answers" and "Caching". */
function commonHeaders(server: ChannelServer, corsOptions: CorsOptions | null): (ctx: Context) => void {
  const setOrigin = corsOptions === null ? () => {} : cors(corsOptions);
  const claims = formatClaims(server.claims);
  return (ctx) => {
    ctx.set("Tidemark", claims);
    ctx.set("Cache-Control", "no-store");
    if (ctx.method === "GET" || ctx.method === "HEAD") ctx.vary("Accept");
    setOrigin(ctx);
    if (server.draining && ctx.req.httpVersionMajor < 2) ctx.set("Connection", "close");
  };
}

import type { Server } from "node:http";
import type { Log } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import { createBoundedServer, throttledReport } from "@tidemark/server-core/node";
import Koa from "koa";
import type { Metrics } from "./metrics/metrics.ts";
import { healthChecks, OwnPages, type Pages } from "./own-pages.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

/** Options of {@link createServing}. */
export interface ServingOptions extends TidemarkOptions {
  /** The address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Host names that the server accepts, besides `host` and loopback names; `null`: any. @defaultValue [] */
  readonly hosts?: readonly string[] | null;
  /** Counts what the server does. @defaultValue none, at no cost */
  readonly metrics?: Metrics;
  /** Pages to answer besides the health checks. @internal */
  readonly pages?: Pages;
}

/** A log behind an HTTP server, whether the server listens itself or gets its connections from another process. */
export interface Serving {
  readonly server: Server;
  readonly middleware: ServerMiddleware;
  /** The health checks. */
  readonly checks: Pages;
  /**
   * Answer held polls, and end the streams, spread over `windowMs`. Cut the connections that are left after twice
   * `windowMs` plus one second. Then dispose of the log. `lastClosed` is called first: it stops new connections, and
   * resolves when the last connection has closed.
   */
  close(windowMs: number, lastClosed: () => Promise<unknown>): Promise<void>;
}

/** Create an HTTP server that answers from a log. It does not listen yet. */
export function createServing(log: Log, options: ServingOptions): Serving {
  const { host = "127.0.0.1", hosts = [], onError = throttledReport() } = options;
  const { metrics } = options;
  const middleware = tidemark(log, {
    ...options,
    ...(metrics && { observer: metrics }),
    onError,
    hosts: hosts && [host, ...hosts],
  });
  metrics?.observe({ channels: middleware.channels, log });
  const app = new Koa();
  app.on("error", (error: unknown) => {
    if (!isDisconnect(error)) onError(error);
  });
  app.use(middleware);
  const koa = app.callback();
  let isDraining = false;
  const checks = healthChecks(log, () => isDraining);
  const own = new OwnPages(options.path ?? "/channels/:channel", { ...checks, ...options.pages });
  const server = createBoundedServer(
    (req, res) => middleware.handle(req, res) || own.answer(req, res) || void koa(req, res),
  );
  return {
    server,
    middleware,
    checks,
    async close(windowMs, lastClosed) {
      isDraining = true;
      const closed = lastClosed();
      server.keepAliveTimeout = 1; // close each connection as soon as its answer has ended
      const cut = setTimeout(() => server.closeAllConnections(), 2 * windowMs + 1_000);
      await middleware.drain({ windowMs });
      await closed;
      clearTimeout(cut);
      await log.dispose();
    },
  };
}

/** Whether the error only means that the client has disconnected. */
function isDisconnect(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && DISCONNECTS.has(code);
}

const DISCONNECTS: ReadonlySet<string> = new Set([
  "ERR_STREAM_PREMATURE_CLOSE",
  "ECONNRESET",
  "EPIPE",
  "ERR_STREAM_WRITE_AFTER_END",
]);

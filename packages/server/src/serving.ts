import type { Server } from "node:http";
import type { Log } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import { createBoundedServer, throttledReport } from "@tidemark/server-core/node";
import Koa from "koa";
import { HealthChecks } from "./health-checks.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

/** Options of {@link createServing}. */
export interface ServingOptions extends TidemarkOptions {
  /** The address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Host names that the server accepts, besides `host` and loopback names; `null`: any. @defaultValue [] */
  readonly hosts?: readonly string[] | null;
}

/** A log behind an HTTP server, whether the server listens itself or gets its connections from another process. */
export interface Serving {
  readonly server: Server;
  readonly middleware: ServerMiddleware;
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
  const middleware = tidemark(log, { ...options, onError, hosts: hosts && [host, ...hosts] });
  const app = new Koa();
  app.on("error", (error: unknown) => {
    if (!isDisconnect(error)) onError(error);
  });
  app.use(middleware);
  const koa = app.callback();
  let isDraining = false;
  const checks = new HealthChecks(log, options.path ?? "/channels/:channel", () => isDraining);
  const server = createBoundedServer(
    (req, res) => middleware.handle(req, res) || checks.answer(req, res) || void koa(req, res),
  );
  return {
    server,
    middleware,
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

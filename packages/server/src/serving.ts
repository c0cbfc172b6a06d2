import type { Server } from "node:http";
import type { Log } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core";
import { createBoundedServer, throttledReport } from "@tidemark/server-core/hosting";
import Koa from "koa";
import { HealthChecks } from "./health-checks.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

/** Options of {@link createServing}. */
export interface ServingOptions extends TidemarkOptions {
  /** The address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Host names by which the server can be asked, beside `host` and loopback names; `null`: any. @defaultValue [] */
  readonly hosts?: readonly string[] | null;
}

/** A log behind an HTTP server, however its connections come. */
export interface Serving {
  readonly server: Server;
  readonly middleware: ServerMiddleware;
  /**
   * Answer held polls, end streams spread over `windowMs`, cut what is left after twice that and a second; then release
   * the log. `lastClosed` stops what brings connections, and resolves when the last one has closed.
   */
  close(windowMs: number, lastClosed: () => Promise<unknown>): Promise<void>;
}

/** Answer the requests of a server's connections from a log. */
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
      server.keepAliveTimeout = 1; // a connection whose answer ends now is not waited for
      const cut = setTimeout(() => server.closeAllConnections(), 2 * windowMs + 1_000);
      await middleware.drain({ windowMs });
      await closed;
      clearTimeout(cut);
      await log.dispose();
    },
  };
}

/** What a client that goes away leaves behind; no failure of the server. */
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

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core";
import Koa from "koa";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

/** Options of {@link listen}. */
export interface ListenOptions extends TidemarkOptions {
  /** 0 takes a free one. @defaultValue 3000 */
  readonly port?: number;
  /** The address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Host names by which the server can be asked, beside `host` and loopback names; `null`: any. @defaultValue [] */
  readonly hosts?: readonly string[] | null;
}

/** A server that listens. */
export interface RunningServer {
  /** The address of a channel, with `{channel}` for its name. */
  readonly url: string;
  readonly port: number;
  readonly stats: ServerMiddleware["stats"];
  /**
   * Take no more connections, answer held polls, end streams spread over `windowMs` (5 000 unless given), cut what is
   * left after twice that and a second; then release the log. Idempotent.
   */
  close(options?: { readonly windowMs?: number }): Promise<void>;
}

/** Serve a log by HTTP/1.1 until it is closed. Rejects with the system's error if it cannot listen there. */
export async function listen(log: Log, options: ListenOptions = {}): Promise<RunningServer> {
  const { port: wanted = 3_000, host = "127.0.0.1", path = "/channels/:channel" } = options;
  const { hosts = [] } = options;
  const middleware = tidemark(log, { ...options, hosts: hosts && [host, ...hosts] });
  const app = new Koa();
  app.on("error", (error: unknown) => {
    if (!isDisconnect(error)) (options.onError ?? console.error)(error);
  });
  app.use(middleware);
  const koa = app.callback();
  const server = createServer((req, res) => middleware.handle(req, res) || void koa(req, res));
  const port = await bind(server, wanted, host);
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}${path.replace(":channel", "{channel}")}`,
    port,
    stats: () => middleware.stats(),
    close: ({ windowMs = 5_000 } = {}) => (closing ??= close(server, middleware, log, windowMs)),
  };
}

function bind(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function close(
  server: Server,
  middleware: ServerMiddleware,
  log: Log,
  windowMs: number,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.keepAliveTimeout = 1; // a connection whose answer ends now is not waited for
  const cut = setTimeout(() => server.closeAllConnections(), 2 * windowMs + 1_000);
  await middleware.drain({ windowMs });
  await closed;
  clearTimeout(cut);
  await log.dispose();
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

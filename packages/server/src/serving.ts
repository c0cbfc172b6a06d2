import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import { createBoundedServer, throttledReport } from "@tidemark/server-core/node";
import Koa from "koa";
import { type Entrance, plainEntrance } from "./entrance.ts";
import { type AccessEntry, recordAccess } from "./logger/access-log.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { healthChecks, OwnPages, type Pages } from "./own-pages.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";
import { Certificate, type TlsFiles } from "./tls/certificate.ts";
import type { Http2Listener } from "./tls/http2-sessions.ts";
import { tlsEntrance } from "./tls/tls-entrance.ts";

/** Options of {@link createServing}. */
export interface ServingOptions extends TidemarkOptions {
  /** The address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Host names that the server accepts, besides `host` and loopback names; `null`: any. @defaultValue [] */
  readonly hosts?: readonly string[] | null;
  /** Counts what the server does. @defaultValue none, at no cost */
  readonly metrics?: Metrics;
  /**
   * Serve HTTP/2 and HTTP/1.1 over TLS, with the certificate and the key in these files. They are read again when they
   * change. @defaultValue HTTP/1.1 without TLS
   */
  readonly tls?: TlsFiles;
  /** Called when a request for a channel has ended, with what may be recorded of it. @defaultValue none */
  readonly onAccess?: (entry: AccessEntry) => void;
  /** Wraps the log of this process, to make spans of its calls. @internal */
  readonly trace?: (log: Log) => Log;
  /** Pages to answer besides the health checks. @internal */
  readonly pages?: Pages;
}

/** A log behind an HTTP server, whether the server listens itself or gets its connections from another process. */
export interface Serving {
  /** Listens, or gets connections from another process by its event `connection`. */
  readonly server: Entrance["server"];
  readonly middleware: ServerMiddleware;
  /** The health checks. */
  readonly checks: Pages;
  /** Cut all connections. */
  readonly cut: () => void;
  /**
   * Answer held polls, and end the streams, spread over `windowMs`. Cut the connections that are left after twice
   * `windowMs` plus one second. Then dispose of the log. `lastClosed` is called first: it stops new connections, and
   * resolves when the last connection has closed.
   */
  close(windowMs: number, lastClosed: () => Promise<unknown>): Promise<void>;
}

/** Create an HTTP server that answers from a log. It does not listen yet. @throws Error if the certificate is invalid */
export function createServing(plain: Log, options: ServingOptions): Serving {
  const { host = "127.0.0.1", hosts = [], onError = throttledReport() } = options;
  const { metrics, tls, onAccess } = options;
  const log = options.trace?.(plain) ?? plain;
  const { principalOf, ...named } = withPrincipals(options);
  const certificate = tls && new Certificate(tls, onError);
  const middleware = tidemark(log, {
    ...options,
    ...named,
    ...(metrics && { observer: metrics }),
    onError,
    hosts: hosts && [host, ...hosts],
  });
  metrics?.observe({ channels: middleware.channels, log, certificate });
  const app = new Koa();
  app.on("error", (error: unknown) => {
    if (!isDisconnect(error)) onError(error);
  });
  app.use(middleware);
  const koa = app.callback();
  let isDraining = false;
  const checks = healthChecks(log, () => isDraining);
  const own = new OwnPages(options.path ?? "/channels/:channel", { ...checks, ...options.pages });
  const answer = (req: IncomingMessage, res: ServerResponse): void => {
    if (!middleware.handle(req, res) && !own.answer(req, res)) void koa(req, res);
  };
  const recorded = (req: IncomingMessage, res: ServerResponse): void => {
    if (own.answer(req, res)) return;
    if (onAccess) recordAccess(req, res, principalOf, onAccess);
    answer(req, res);
  };
  const listener = onAccess ? recorded : answer;
  const http1 = createBoundedServer(listener);
  const { server, retire, cut } = certificate
    ? tlsEntrance(certificate, http1, listener as unknown as Http2Listener, onError)
    : plainEntrance(http1);
  return {
    server,
    middleware,
    checks,
    cut,
    async close(windowMs, lastClosed) {
      isDraining = true;
      const closed = lastClosed();
      retire();
      const timer = setTimeout(cut, 2 * windowMs + 1_000);
      await middleware.drain({ windowMs });
      await closed;
      clearTimeout(timer);
      await log.dispose();
    },
  };
}

/** The `authorize` of the options, and a function that knows what it said, if requests are recorded. */
function withPrincipals({ authorize, onAccess }: ServingOptions) {
  const principals = new WeakMap<object, string>();
  const principalOf = (req: object): string | undefined => principals.get(req);
  if (authorize === undefined || onAccess === undefined) return { principalOf };
  const noting: NonNullable<ServingOptions["authorize"]> = async (visit) => {
    const principal = await authorize(visit);
    if (principal !== undefined) principals.set(visit.request, principal);
    return principal;
  };
  return { principalOf, authorize: noting };
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

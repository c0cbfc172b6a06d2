import type { AddressInfo, Server } from "node:net";
import type { Log } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import type { Pages } from "./own-pages.ts";
import { createServing, type ServingOptions } from "./serving.ts";

/** Options of {@link listen}. */
export interface ListenOptions extends ServingOptions {
  /** The port to listen on; 0 picks a free one. @defaultValue 3000 */
  readonly port?: number;
}

/** A listening server. */
export interface RunningServer {
  /** The address of a channel, with `{channel}` for its name. */
  readonly url: string;
  readonly port: number;
  readonly stats: ServerMiddleware["stats"];
  /** The health checks, to answer on another port too. @internal */
  readonly checks: Pages;
  /**
   * Accept no more connections, answer held polls, and end the streams, spread over `windowMs` (default 5 000). Cut the
   * connections that are left after twice `windowMs` plus one second. Then dispose of the log. Idempotent.
   */
  close(options?: { readonly windowMs?: number }): Promise<void>;
}

/** Serve a log over HTTP/1.1, or with `tls` over HTTP/2 too, until `close` is called. Rejects with the system's error if it cannot listen. */
export async function listen(log: Log, options: ListenOptions = {}): Promise<RunningServer> {
  const { port: wanted = 3_000, host = "127.0.0.1" } = options;
  const { server, middleware, checks, close } = createServing(log, options);
  const port = await bind(server, wanted, host);
  server.on("error", options.onError ?? console.error); // a connection that could not be accepted
  let closing: Promise<void> | undefined;
  const closed = (): Promise<unknown> => new Promise((resolve) => server.close(resolve));
  return {
    url: channelUrl(port, options),
    port,
    stats: () => middleware.stats(),
    checks,
    close: ({ windowMs = 5_000 } = {}) => (closing ??= close(windowMs, closed)),
  };
}

/** The address of a channel, with `{channel}` for its name. */
export function channelUrl(
  port: number,
  { host = "127.0.0.1", path = "/channels/:channel", tls }: ListenOptions,
): string {
  return `http${tls ? "s" : ""}://${host.includes(":") ? `[${host}]` : host}:${port}${path.replace(":channel", "{channel}")}`;
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

import { Agent, buildConnector } from "undici";

/** A minute above the longest wait of the protocol, an hour: a held poll sends not even headers before it ends. */
export const HEADERS_TIMEOUT_MS = 3_660_000;

/** Longer than the usual pause between two polls (5 s), so that they share a connection; a server's own hint wins. */
const KEEP_ALIVE_MS = 30_000;

/**
 * An agent for answers that take long: a quiet stream is never cut (whoever reads it knows its heartbeat), and a held
 * poll is waited for.
 *
 * It prefers HTTP/1.1, each answer that is under way on a connection of its own, and takes HTTP/2 where a server speaks
 * nothing else, with a connection for each request too. Seen with undici 7.30: with `allowH2`, `connections: 1` and
 * `pipelining: 100`, a POST beside an open stream hangs, twelve streams that nobody reads stop all others, a server with
 * a lower limit of streams leaves the rest hanging, and over HTTP/1.1 one of 90 streams opens; with `allowH2` alone
 * nothing is shared (90 connections), and a graceful GOAWAY cuts the stream.
 */
export function createAgent({ connect = {}, ...options }: Agent.Options = {}): Agent {
  return new Agent({
    bodyTimeout: 0,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: typeof connect === "function" ? connect : preferHttp1(connect),
    ...options,
  });
}

/** What TLS says where the server does not speak HTTP/1.1. */
const NO_HTTP_1 = "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL";

function preferHttp1(options: buildConnector.BuildOptions): buildConnector.connector {
  const http1 = buildConnector({ ...options, allowH2: false });
  const http2 = buildConnector({ ...options, allowH2: true });
  return (target, callback) =>
    http1(target, (...result) => {
      const [error] = result;
      if (error !== null && "code" in error && error.code === NO_HTTP_1) http2(target, callback);
      else callback(...result);
    });
}

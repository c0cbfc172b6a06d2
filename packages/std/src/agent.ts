import { Agent, buildConnector } from "undici";

/** A minute more than the protocol's longest wait, an hour: a held poll sends no headers until it ends. */
export const HEADERS_TIMEOUT_MS = 3_660_000;

/**
 * Longer than the usual pause between two polls (5 s), so that they share a connection; a server's hint
 * overrides it.
 */
const KEEP_ALIVE_MS = 30_000;

/**
 * Create an agent for long-lived answers: it never cuts a silent stream (the reader knows the heartbeat), and
 * it waits for a held poll.
 *
 * It prefers HTTP/1.1, with one connection for each open answer. It uses HTTP/2 only if the server does not
 * speak HTTP/1.1, again with one connection for each request. Observed with undici 7.30: with `allowH2`,
 * `connections: 1` and `pipelining: 100`, a POST beside an open stream hangs, twelve unread streams block all
 * others, a server with a lower stream limit leaves the rest hanging, and over HTTP/1.1 only one of 90
 * streams opens. With `allowH2` alone nothing is shared (90 connections), and a graceful GOAWAY cuts the
 * stream.
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

/** The TLS error of a server that does not speak HTTP/1.1. */
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

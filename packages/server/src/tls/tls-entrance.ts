import type { Server as HttpServer } from "node:http";
import { createServer } from "node:tls";
import type { Entrance } from "../entrance.ts";
import type { Certificate } from "./certificate.ts";
import { type Http2Listener, Http2Sessions } from "./http2-sessions.ts";

/** How long a client may take for the handshake, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/**
 * HTTP/2 and HTTP/1.1 over TLS. The client chooses in the handshake (ALPN); `http1` gets the connections of HTTP/1.1.
 * A new certificate counts for new connections.
 */
export function tlsEntrance(
  certificate: Certificate,
  http1: HttpServer,
  listener: Http2Listener,
  failed: (error: unknown) => void,
): Entrance {
  const sessions = new Http2Sessions(listener, failed);
  const options = { ...certificate.pair, ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: HANDSHAKE_MS };
  const server = createServer(options, (socket) => {
    socket.setNoDelay(true);
    if (socket.alpnProtocol === "h2") sessions.take(socket);
    else http1.emit("connection", socket);
  });
  // Node's server only starts to check for timeouts and idle connections when it listens.
  http1.emit("listening");
  certificate.follow((pair) => server.setSecureContext(pair));
  return {
    server,
    retire() {
      certificate.end();
      http1.keepAliveTimeout = 1;
      http1.close();
      sessions.retire();
    },
    cut() {
      http1.closeAllConnections();
      sessions.cut();
    },
  };
}

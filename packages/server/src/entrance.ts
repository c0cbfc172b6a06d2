import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

/** Where connections come in, with or without TLS. */
export interface Entrance {
  /** Listens, or gets connections from another process by its event `connection`. */
  readonly server: Server;
  /** Close idle connections now, and each other one as soon as its answers have ended. */
  retire(): void;
  /** Cut all connections. */
  cut(): void;
}

/** HTTP/1.1 without TLS. */
export function plainEntrance(server: HttpServer): Entrance {
  return {
    server,
    retire() {
      server.keepAliveTimeout = 1;
      server.closeIdleConnections();
    },
    cut: () => server.closeAllConnections(),
  };
}

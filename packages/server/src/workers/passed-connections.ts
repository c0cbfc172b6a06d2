import type { Server } from "node:http";
import type { Socket } from "node:net";

/** The connections of an HTTP server that listens nowhere: another process accepts them and passes them on. */
export class PassedConnections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #whenLast: (() => void) | undefined;

  constructor(server: Server) {
    this.#server = server;
    // Node's server begins to watch its connections for timeouts, and to know the idle ones, when it listens.
    server.emit("listening");
  }

  /** Serve this connection. */
  take(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#whenLast?.();
    });
    socket.allowHalfOpen = true; // as the server has it: a client that has sent everything can still read
    this.#server.emit("connection", socket);
  }

  /** Close idle connections. Resolves when the last connection has closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenLast = resolve;
      this.#server.close();
      if (this.#open.size === 0) resolve();
    });
  }
}

import type { Server, Socket } from "node:net";

/** The connections of an HTTP server that does not listen: another process accepts them and passes them to it. */
export class PassedConnections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #whenLast: (() => void) | undefined;

  constructor(server: Server) {
    this.#server = server;
    // Node's server only starts to check for timeouts and idle connections when it listens.
    server.emit("listening");
  }

  take(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#whenLast?.();
    });
    socket.allowHalfOpen = true; // as in Node's server: a client that has finished sending can still read
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

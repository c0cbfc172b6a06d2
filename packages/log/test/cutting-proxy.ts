import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a client and a port, and can let nothing more through to the client. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;
  #swallowing = false;
  #swallowFrom = "";

  private constructor(port: number, scheme: string) {
    this.#scheme = scheme;
    this.#server = createServer((client) => this.#join(client, connect(port, "127.0.0.1")));
  }

  /** Listen on a free port; `scheme` is that of its {@link url}. */
  static async to(port: number, scheme: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(port, scheme);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Clients that are connected. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** From now on requests arrive, and their answers do not; `from` the first request that holds these words on. */
  swallowAnswers(from: string = ""): void {
    this.#swallowFrom = from;
    this.#swallowing = from === "";
  }

  /** Cut every connection; later ones are whole. */
  cut(): void {
    this.#swallowing = false;
    this.#swallowFrom = "";
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, engine: Socket): void {
    for (const socket of [client, engine]) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    client.on("data", (bytes) => {
      if (this.#swallowFrom !== "" && bytes.includes(this.#swallowFrom)) this.#swallowing = true;
      engine.write(bytes);
    });
    engine.on("data", (bytes) => {
      if (!this.#swallowing) client.write(bytes);
    });
  }
}

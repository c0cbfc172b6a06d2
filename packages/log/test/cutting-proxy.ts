import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What a slow link lets through at a time. */
const SLICE_MS = 5;

/** Stands between a client and a port, and can let nothing more through to the client. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;
  #swallowing = false;
  #swallowFrom = "";
  readonly #sliceBytes: number;
  #passedBytes = 0;
  #awaited: { readonly bytes: number; readonly resolve: () => void } | undefined;

  private constructor(port: number, scheme: string, bytesPerSecond: number) {
    this.#scheme = scheme;
    this.#sliceBytes = Math.ceil((bytesPerSecond * SLICE_MS) / 1_000);
    this.#server = createServer((client) => this.#join(client, connect(port, "127.0.0.1")));
  }

  /** Listen on a free port; `scheme` is that of its {@link url}, and `bytesPerSecond` holds on the way to each client. */
  static async to(
    port: number,
    scheme: string,
    bytesPerSecond: number = Number.POSITIVE_INFINITY,
  ): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(port, scheme, bytesPerSecond);
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

  /** Resolves once so many more bytes have reached clients. */
  passes(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { bytes: this.#passedBytes + bytes, resolve };
    });
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
    const pass = this.#passTo(client);
    engine.on("data", (bytes) => {
      if (!this.#swallowing) pass(bytes);
    });
  }

  /** How bytes get to a client: at once, or slice by slice. */
  #passTo(client: Socket): (bytes: Buffer) => void {
    if (this.#sliceBytes === Number.POSITIVE_INFINITY) return (bytes) => this.#pass(client, bytes);
    let waiting = Buffer.alloc(0);
    const timer = setInterval(() => {
      if (waiting.length === 0) return;
      this.#pass(client, waiting.subarray(0, this.#sliceBytes));
      waiting = waiting.subarray(this.#sliceBytes);
    }, SLICE_MS);
    client.once("close", () => clearInterval(timer));
    return (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
    };
  }

  #pass(client: Socket, bytes: Buffer): void {
    client.write(bytes);
    this.#passedBytes += bytes.length;
    if (this.#awaited === undefined || this.#passedBytes < this.#awaited.bytes) return;
    this.#awaited.resolve();
    this.#awaited = undefined;
  }
}

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { joinSockets } from "./join-sockets.ts";

/** The interval at which a slow link forwards bytes. */
const SLICE_MS = 5;

/** A TCP proxy that can cut connections, withhold answers and delay them. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;
  #swallowing = false;
  #swallowFrom = "";
  #held: { readonly pass: (bytes: Buffer) => void; readonly bytes: Buffer }[] | undefined;
  readonly #sliceBytes: number;
  #passedBytes = 0;
  #awaited: { readonly bytes: number; readonly resolve: () => void } | undefined;

  private constructor(port: number, scheme: string, bytesPerSecond: number) {
    this.#scheme = scheme;
    this.#sliceBytes = Math.ceil((bytesPerSecond * SLICE_MS) / 1_000);
    this.#server = createServer((client) => this.#join(client, connect(port, "127.0.0.1")));
  }

  /** Listen on a free port. `scheme` is for {@link url}; `bytesPerSecond` limits the rate to each client. */
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

  /** The number of connected clients. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Forward requests but withhold answers, starting with the first request that contains `from`. */
  swallowAnswers(from: string = ""): void {
    this.#swallowFrom = from;
    this.#swallowing = from === "";
  }

  /** Forward requests but hold answers back, until {@link releaseAnswers}. */
  holdAnswers(): void {
    this.#held ??= [];
  }

  /** The answers that are held back. */
  get heldAnswers(): string {
    return Buffer.concat((this.#held ?? []).map(({ bytes }) => bytes)).toString("latin1");
  }

  /** Forward the answers that were held back, and all later ones. */
  releaseAnswers(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { pass, bytes } of held) pass(bytes);
  }

  /** Cut every connection. New connections work. */
  cut(): void {
    this.#swallowing = false;
    this.#swallowFrom = "";
    this.#held = undefined;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Resolves once `bytes` more bytes have reached clients. */
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
    joinSockets(client, engine, this.#sockets);
    client.on("data", (bytes) => {
      if (this.#swallowFrom !== "" && bytes.includes(this.#swallowFrom)) this.#swallowing = true;
      engine.write(bytes);
    });
    const pass = this.#passTo(client);
    engine.on("data", (bytes) => {
      if (this.#swallowing) return;
      if (this.#held) this.#held.push({ pass, bytes });
      else pass(bytes);
    });
  }

  /** A function that sends bytes to the client, at once or at the limited rate. */
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

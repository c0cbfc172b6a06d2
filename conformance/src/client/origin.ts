import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Reply } from "./reply.ts";
import { RequestReader } from "./request-reader.ts";
import { SeenRequest } from "./seen-request.ts";

/** What answers the requests to one path. */
export type Handler = (reply: Reply) => void;

/** The server that clients under test are pointed at: every request is recorded, every answer is a script's. */
export class Origin {
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #handlers = new Map<string, Handler>();
  readonly #watchers = new Set<() => void>();
  #url = "";

  /** Listen on a free port of the loopback interface. */
  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    const { port } = this.#server.address() as AddressInfo;
    this.#url = `http://127.0.0.1:${port}`;
    return this;
  }

  /** Scheme, host and port. */
  get url(): string {
    return this.#url;
  }

  /** Let a handler answer at a path. */
  handle(path: string, handler: Handler): void {
    this.#handlers.set(path, handler);
  }

  /** Call `look` after every request and every end of one; returns how to stop that. */
  watch(look: () => void): () => void {
    this.#watchers.add(look);
    return () => this.#watchers.delete(look);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  #notify(): void {
    for (const look of [...this.#watchers]) look();
  }

  #serve(socket: Socket): void {
    const reader = new RequestReader();
    this.#sockets.add(socket);
    socket.setNoDelay(true).setMaxListeners(0); // one for every request of a connection
    socket.on("error", () => socket.destroy()); // clients leave as they like; that is no fault here
    socket.once("close", () => {
      this.#sockets.delete(socket);
      setImmediate(() => this.#notify());
    });
    socket.on("data", (bytes: Uint8Array) => {
      for (const { method, target, headers, body } of reader.push(bytes)) {
        const request = new SeenRequest(method, target, headers, body);
        const handler = this.#handlers.get(new URL(target, "http://origin").pathname);
        const reply = new Reply(request, socket, () => this.#notify());
        if (handler) handler(reply);
        else reply.whole(404, [], "nothing here");
        this.#notify();
      }
    });
  }
}

import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type HeaderLines, header } from "../wire/headers.ts";
import { Reply } from "./reply.ts";
import { RequestReader } from "./request-reader.ts";
import { SeenRequest } from "./seen-request.ts";

/** Lets a page of another origin read an answer and all its header fields. */
const READABLE: HeaderLines = [
  ["Access-Control-Allow-Origin", "*"],
  ["Access-Control-Expose-Headers", "*"],
];

/** Ports beside the usual one, for channels that must not share one. */
const SPARE_PORTS = 4;

/** What answers the requests to one path. */
export type Handler = (reply: Reply) => void;

/** The server that clients under test are pointed at: every request is recorded, every answer is a script's. */
export class Origin {
  readonly #servers: readonly Server[] = Array.from({ length: 1 + SPARE_PORTS }, () =>
    createServer((socket) => this.#serve(socket)),
  );
  readonly #sockets = new Set<Socket>();
  readonly #handlers = new Map<string, Handler>();
  readonly #watchers = new Set<() => void>();
  readonly #forBrowsers: boolean;
  #port = 0;
  #spare: number[] = [];
  #channels = 0;

  /** @param forBrowsers a host name for each channel, and answers that pages of other origins can read */
  constructor(forBrowsers = false) {
    this.#forBrowsers = forBrowsers;
  }

  /** Listen on free ports of the loopback interface. */
  async listen(): Promise<this> {
    const ports = this.#servers.map(async (server) => {
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return (server.address() as AddressInfo).port;
    });
    const [usual = 0, ...spare] = await Promise.all(ports);
    this.#port = usual;
    this.#spare = spare;
    return this;
  }

  /** Scheme, host and port. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The URL under which a client is to ask for a path. @throws {RangeError} when there are no further ports */
  urlOf(path: string, ownPort = false): string {
    const port = ownPort ? this.#spare.pop() : this.#port;
    if (port === undefined)
      throw new RangeError(`more than ${SPARE_PORTS} channels have a port of their own`);
    if (!this.#forBrowsers) return `http://127.0.0.1:${port}${path}`;
    this.#channels += 1;
    return `http://c${this.#channels}.localhost:${port}${path}`;
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
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
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
        if (this.#forBrowsers && method === "OPTIONS") {
          socket.end(allowPreflight(headers));
          return;
        }
        const request = new SeenRequest(method, target, headers, body);
        const handler = this.#handlers.get(new URL(target, "http://origin").pathname);
        const reply = new Reply(request, socket, () => this.#notify(), this.#forBrowsers ? READABLE : []);
        if (handler) handler(reply);
        else reply.whole(404, [], "nothing here");
        this.#notify();
      }
    });
  }
}

/** The answer to a browser that asks whether a page may send a request; tests do not see that it asked. */
function allowPreflight(asked: HeaderLines): string {
  const lines = [
    "HTTP/1.1 204 No Content",
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Methods: GET, POST",
    `Access-Control-Allow-Headers: ${header(asked, "access-control-request-headers") ?? "*"}`,
    "Access-Control-Max-Age: 600",
    // A browser sends again by itself what was lost on a connection that has served before: no fault of the client.
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

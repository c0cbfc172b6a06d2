import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type HeaderLines, header } from "../../../engine/wire/headers.ts";
import { Reply } from "./reply.ts";
import { RequestReader } from "./request-reader.ts";
import { SeenRequest } from "./seen-request.ts";

/** Lets a page of another origin read an answer and all its header fields. */
const READABLE: HeaderLines = [
  ["Access-Control-Allow-Origin", "*"],
  ["Access-Control-Expose-Headers", "*"],
];

/** Further ports, for channels that must not share the usual one. */
const SPARE_PORTS = 4;

/** Answers the requests to one path. */
export type Handler = (reply: Reply) => void;

/** The server that clients under test connect to: it records every request and answers it by a script. */
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

  /** The URL of a path for the client. @throws {RangeError} if every spare port is taken */
  urlOf(path: string, ownPort = false): string {
    const port = ownPort ? this.#spare.pop() : this.#port;
    if (port === undefined) throw new RangeError(`at most ${SPARE_PORTS} channels can have their own port`);
    if (!this.#forBrowsers) return `http://127.0.0.1:${port}${path}`;
    this.#channels += 1;
    return `http://c${this.#channels}.localhost:${port}${path}`;
  }

  /** Answer the requests to a path with this handler. */
  handle(path: string, handler: Handler): void {
    this.#handlers.set(path, handler);
  }

  /** Call `look` after every request and every end of one, until the returned function is called. */
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
    socket.setNoDelay(true).setMaxListeners(0); // each request of the connection adds a listener
    socket.on("error", () => socket.destroy()); // a client may drop its connection at any time
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

/** The answer to a CORS preflight request; tests do not see such a request. */
function allowPreflight(asked: HeaderLines): string {
  const lines = [
    "HTTP/1.1 204 No Content",
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Methods: GET, POST",
    `Access-Control-Allow-Headers: ${header(asked, "access-control-request-headers") ?? "*"}`,
    "Access-Control-Max-Age: 600",
    // On a reused connection the browser itself repeats a lost request; that must not count against the client.
    "Connection: close",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as plainRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import { request as secureRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { HeldAnswer } from "./held-answer.ts";
import { isForLoopback } from "./loopback.ts";
import { INITIAL, type Settings } from "./settings.ts";

/** What a proxy has counted since it started. */
export interface WireCounts {
  readonly requests: number;
  /** Bytes from the browser, with the heads of requests. */
  readonly up: number;
  /** Bytes to the browser, with the heads of answers. */
  readonly down: number;
  /** Requests without a whole answer. */
  readonly open: number;
}

/** Header fields that concern one connection only (RFC 9110, 7.6.1), and those that this proxy sets itself. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ..."connection keep-alive proxy-connection te trailer transfer-encoding upgrade host".split(" "),
  ..."access-control-allow-origin access-control-expose-headers access-control-allow-credentials".split(" "),
]);

/** Forwards the requests of one column to one URL, counts them, and interferes as the settings say. */
export class ColumnProxy {
  readonly #target: URL;
  readonly #pageOrigin: () => string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #answers = new Set<HeldAnswer>();
  #settings = INITIAL;
  #requests = 0;
  /** Bytes of the connections that are closed. */
  #up = 0;
  #down = 0;

  /** `pageOrigin` is the origin whose pages may read the answers. */
  constructor(target: URL, pageOrigin: () => string) {
    this.#target = target;
    this.#pageOrigin = pageOrigin;
    this.#server = createServer((req, res) => this.#answer(req, res));
    this.#server.on("connection", (socket) => this.#connected(socket));
  }

  /** Listen on a free port of the loopback interface. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
  }

  /** The URL of the target behind this proxy. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#target.pathname}${this.#target.search}`;
  }

  get counts(): WireCounts {
    let [up, down] = [this.#up, this.#down];
    for (const socket of this.#sockets) {
      up += socket.bytesRead;
      down += socket.bytesWritten;
    }
    return { requests: this.#requests, up, down, open: this.#answers.size };
  }

  set settings(settings: Settings) {
    this.#settings = settings;
    for (const answer of this.#answers) answer.hold = settings.hold;
    if (settings.cut) for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connected(socket: Socket): void {
    socket.on("error", () => socket.destroy()); // the browser left, or the connection was cut
    if (this.#settings.cut) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#up += socket.bytesRead;
      this.#down += socket.bytesWritten;
    });
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    if (!isForLoopback(req)) {
      res.writeHead(403, { "Content-Type": "text/plain" }).end("this proxy answers to loopback names only\n");
      return;
    }
    if (req.method !== "GET" && req.method !== "HEAD" && req.method !== "OPTIONS") {
      res.writeHead(405, { Allow: "GET, HEAD, OPTIONS" }).end();
      return;
    }
    this.#requests += 1;
    const answer = new HeldAnswer(res, this.#settings.hold);
    this.#answers.add(answer);
    res.once("close", () => this.#answers.delete(answer));
    this.#cutLater(res);
    this.#forward(req, res, answer);
  }

  #cutLater(res: ServerResponse): void {
    const { cutAfterS } = this.#settings;
    if (cutAfterS === 0) return;
    const timer = setTimeout(() => res.destroy(), cutAfterS * 1_000);
    res.once("close", () => clearTimeout(timer));
  }

  #forward(req: IncomingMessage, res: ServerResponse, answer: HeldAnswer): void {
    const send = this.#target.protocol === "https:" ? secureRequest : plainRequest;
    const url = new URL(req.url ?? "/", this.#target.origin);
    const headers = { ...forwarded(req.headers), host: this.#target.host, "accept-encoding": "identity" };
    const upstream = send(url, { method: req.method, headers, agent: false });
    upstream.once("response", (response) => {
      res.writeHead(response.statusCode ?? 502, { ...forwarded(response.headers), ...this.#cors() });
      answer.relay(response);
    });
    upstream.once("error", () => res.destroy());
    res.once("close", () => upstream.destroy());
    upstream.end();
  }

  #cors(): OutgoingHttpHeaders {
    const origin = this.#pageOrigin();
    return {
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Expose-Headers": "*",
      "Access-Control-Allow-Headers": "Last-Event-ID",
      "Timing-Allow-Origin": origin, // so that the page can tell a 304 from a page
    };
  }
}

function forwarded(headers: IncomingMessage["headers"]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name)));
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Order } from "./contract.ts";
import type { AdapterLink, AdapterListener, ConnectAdapter } from "./link.ts";

/** How long a request for orders is held. */
const HOLD_MS = 10_000;

/** An adapter that has not asked for this long counts as gone; long, because a background page can be slow. */
const SILENCE_MS = 30_000;

/** How long a person may take to open the page. */
const HELLO_LIMIT_MS = 120_000;

/** How long an adapter may take to fetch the last order. */
const GRACE_MS = 2_000;

/** Most bytes of one request; many large messages need this much. */
const MAX_TOLD_BYTES = 128 * 1024 * 1024;

/** Any page is allowed: it can fetch only the orders of tests, and what it reports is validated. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Content-Type",
  "Cache-Control": "no-store",
};

/** Where an adapter fetches its orders, and which page is served there. */
export interface PullOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** How long an adapter may be silent before it counts as gone, in milliseconds. @defaultValue 30_000 */
  readonly silenceMs?: number;
  /** The JavaScript of an adapter that runs in a page; the page at `/` loads it. Without it, no page is served. */
  readonly script?: () => Promise<string>;
  /** Called with the base URL once orders can be fetched. */
  readonly onListening: (url: string) => void;
}

/**
 * Connect to an adapter that has only an HTTP client, such as a page. It fetches its orders from `/orders?from=n`,
 * where `n` is the number of orders that it has, and posts its reports as JSON arrays to `/told`.
 */
export function pullAdapter(options: PullOptions): ConnectAdapter {
  return (listener) => new PullLink(listener, options);
}

class PullLink implements AdapterLink {
  readonly helloLimitMs = HELLO_LIMIT_MS;
  readonly #orders: Order[] = [];
  /** Resolves when the adapter has received the last order. */
  readonly #dismissed: Promise<void>;
  #dismiss: () => void = () => undefined;
  readonly #wakes = new Set<() => void>();
  readonly #listener: AdapterListener;
  readonly #script: PullOptions["script"];
  readonly #silenceMs: number;
  readonly #server: Server;
  /** Runs while an adapter is connected; each of its requests restarts it. */
  #silence: NodeJS.Timeout | undefined;

  constructor(listener: AdapterListener, options: PullOptions) {
    const { port = 0, silenceMs = SILENCE_MS, script, onListening } = options;
    this.#listener = listener;
    this.#script = script;
    this.#silenceMs = silenceMs;
    this.#dismissed = new Promise((resolve) => {
      this.#dismiss = resolve;
    });
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => refuse(response, 400, error.message));
    });
    this.#server.once("error", (error) => listener.gone(`the suite cannot listen for it: ${error.message}`));
    this.#server.listen(port, "127.0.0.1", () =>
      onListening(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`),
    );
  }

  send(order: Order): void {
    this.#orders.push(order);
    this.#wake();
  }

  async close(): Promise<void> {
    const isConnected = this.#silence !== undefined;
    if (isConnected) await Promise.race([this.#dismissed, delay(GRACE_MS, undefined, { ref: false })]);
    clearTimeout(this.#silence);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "/" } = request;
    const { pathname, searchParams } = new URL(url, "http://carrier");
    const route = `${method} ${pathname}`;
    if (method === "OPTIONS") response.writeHead(204, CORS).end();
    else if (route === "GET /orders") this.#serveOrders(Number(searchParams.get("from")), response);
    else if (route === "POST /told") await this.#take(request, response);
    else if (route === "GET /" && this.#script) reply(response, "text/html", PAGE);
    else if (route === "GET /adapter.js" && this.#script)
      reply(response, "text/javascript", await this.#script());
    else refuse(response, 404, `unknown route: ${route}`);
  }

  /** Answer with the orders after the first `from`; hold the request while there are none. */
  #serveOrders(from: number, response: ServerResponse): void {
    if (!Number.isInteger(from) || from < 0)
      throw new TypeError("from has to be the number of orders that you have, an integer from 0");
    this.#expectMore();
    const answer = (): void => {
      clearTimeout(timer);
      this.#wakes.delete(answer);
      const orders = this.#orders.slice(from);
      if (response.destroyed) return;
      if (orders.at(-1)?.type === "bye") response.once("finish", this.#dismiss);
      reply(response, "application/json", JSON.stringify({ orders }));
    };
    const timer = setTimeout(answer, HOLD_MS);
    response.once("close", () => {
      clearTimeout(timer);
      this.#wakes.delete(answer);
    });
    if (this.#orders.length > from) answer();
    else this.#wakes.add(answer);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const lines: unknown = JSON.parse(await bodyOf(request));
    if (!Array.isArray(lines)) throw new TypeError("the body has to be a JSON array");
    this.#expectMore();
    for (const line of lines) this.#listener.told(line);
    response.writeHead(204, CORS).end();
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  #expectMore(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#silence = undefined;
      this.#listener.gone(`it has not asked for orders for ${this.#silenceMs / 1000} s`);
    }, this.#silenceMs);
  }
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Tidemark adapter</title>
<p>This page runs the adapter of the client under test; leave it open until the run has ended.</p>
<script type="module" src="/adapter.js"></script>
`;

/** @throws {RangeError} if the body is larger than {@link MAX_TOLD_BYTES} */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_TOLD_BYTES)
      throw new RangeError(`the body has more than ${MAX_TOLD_BYTES} bytes; post fewer lines at once`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function reply(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { ...CORS, "Content-Type": `${type}; charset=utf-8` }).end(body);
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { ...CORS, "Content-Type": "text/plain; charset=utf-8" }).end(detail);
}

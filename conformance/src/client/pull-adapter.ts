import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Order } from "./contract.ts";
import type { AdapterLink, AdapterListener, ConnectAdapter } from "./link.ts";

/** How long a request for orders is held. */
const HOLD_MS = 10_000;

/** An adapter that has not asked for this long has gone; a page in the background is slow at times. */
const SILENCE_MS = 30_000;

/** How long a person may take to open the page. */
const HELLO_LIMIT_MS = 120_000;

/** How long an adapter may take to fetch the last order. */
const GRACE_MS = 2_000;

/** Most bytes of one request: what many large messages take. */
const MAX_TOLD_BYTES = 128 * 1024 * 1024;

/** Any page may take part: what it fetches are orders of a test, and what it tells is checked. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Content-Type",
  "Cache-Control": "no-store",
};

/** Where adapters fetch their orders, and what the page is that they find there. */
export interface PullOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** How long an adapter may be silent before it counts as gone, in milliseconds. @defaultValue 30_000 */
  readonly silenceMs?: number;
  /** JavaScript that the page at `/` loads: an adapter for what lives in a page. Without it there is no page. */
  readonly script?: () => Promise<string>;
  /** Called with the URL under which orders are, once they can be fetched. */
  readonly onListening: (url: string) => void;
}

/**
 * An adapter that needs an HTTP client alone, such as a page: it fetches what it is to do from `/orders?from=n`, `n`
 * being the number of orders that it has, and posts what it tells as JSON arrays to `/told`.
 */
export function pullAdapter(options: PullOptions): ConnectAdapter {
  return (listener) => new PullLink(listener, options);
}

class PullLink implements AdapterLink {
  readonly helloLimitMs = HELLO_LIMIT_MS;
  readonly #orders: Order[] = [];
  /** Resolves when the adapter has got the last order. */
  readonly #dismissed: Promise<void>;
  #dismiss: () => void = () => undefined;
  readonly #wakes = new Set<() => void>();
  readonly #listener: AdapterListener;
  readonly #script: PullOptions["script"];
  readonly #silenceMs: number;
  readonly #server: Server;
  /** Runs while there is an adapter that asks for orders or tells something. */
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
    this.#server.once("error", (error) => listener.gone(`nobody can ask for orders: ${error.message}`));
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
    else refuse(response, 404, `there is no ${route}`);
  }

  /** Answer what follows `from`; hold the request as long as that is nothing. */
  #serveOrders(from: number, response: ServerResponse): void {
    if (!Number.isInteger(from) || from < 0)
      throw new TypeError("from is the number of orders that you have");
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
    if (!Array.isArray(lines)) throw new TypeError("what is told is a JSON array");
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

/** @throws {RangeError} when it is larger than anything that an adapter has to tell */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_TOLD_BYTES) throw new RangeError(`more than ${MAX_TOLD_BYTES} bytes at once`);
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

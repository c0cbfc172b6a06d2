import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Behavior, Kind, Visit } from "./behavior.ts";
import { Feed } from "./feed.ts";
import { Reader } from "./reader.ts";

/** A server that is running. */
export interface StreamServer {
  /** Where its stream is. */
  readonly url: string;
  /** Where events are published: the body is the payload. */
  readonly publishUrl: string;
  /** Lose everything that is in memory, as a process that is started again. */
  restart(): void;
  close(): Promise<void>;
}

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Start a plain server of event streams, over HTTP/1.0, HTTP/1.1 and HTTP/2 on one port; with a certificate, over TLS. */
export async function startStreams(
  kind: Kind,
  behavior: Behavior,
  certificate?: Certificate,
): Promise<StreamServer> {
  const streams = new Streams(kind, behavior, certificate);
  const port = await streams.listen();
  const origin = `${certificate ? "https" : "http"}://127.0.0.1:${port}`;
  return {
    url: `${origin}/stream`,
    publishUrl: `${origin}/publish`,
    restart: () => streams.restart(),
    close: () => streams.close(),
  };
}

class Streams {
  readonly #kind: Kind;
  readonly #behavior: Behavior;
  #start = randomBytes(3).toString("hex");
  readonly #feeds = new Map<string, Feed>();
  readonly #open = new Set<Visit>();
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #http = createServer((req, res) => this.#answer(req, res));
  readonly #http2 = createHttp2Server((req, res) =>
    this.#answer(req as unknown as IncomingMessage, res as unknown as ServerResponse),
  );
  readonly #tcp: ReturnType<typeof createTcpServer>;
  #visits = 0;
  #minted = 0;

  constructor(kind: Kind, behavior: Behavior, certificate: Certificate | undefined) {
    this.#kind = kind;
    this.#behavior = behavior;
    const accept = (socket: Socket): void => this.#accept(socket);
    this.#tcp = certificate
      ? createTlsServer({ ...certificate, ALPNProtocols: ["h2", "http/1.1"] }, accept)
      : createTcpServer(accept);
    this.#http.keepAliveTimeout = 60_000; // a connection that the client keeps must not close under it
    this.#begin();
  }

  #begin(): void {
    if (this.#kind === "live" || this.#kind === "history")
      this.#produce(new Feed("stream"), Number.POSITIVE_INFINITY);
  }

  restart(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#cut();
    this.#feeds.clear();
    this.#start = randomBytes(3).toString("hex");
    this.#minted = 0;
    this.#begin();
  }

  async listen(): Promise<number> {
    this.#tcp.listen(0, "127.0.0.1");
    await once(this.#tcp, "listening");
    return (this.#tcp.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (!this.#tcp.listening) return this.#cut();
    const closed = once(this.#tcp, "close");
    this.#tcp.close();
    this.#cut();
    await closed;
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Let the first bytes of a connection decide which version of HTTP it speaks. */
  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy()).once("close", () => this.#sockets.delete(socket));
    this.#behavior.socket(socket);
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.subarray(0, 3).toString("latin1") === "PRI";
      const stop = (): void => {
        this.#tcp.close();
        this.#cut();
      };
      if (isHttp2 && this.#behavior.http2(socket, stop)) return;
      (isHttp2 ? this.#http2 : this.#http).emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://host");
    if (pathname === "/publish") return void this.#publish(req, res, searchParams.get("event") ?? undefined);
    const feed = this.#feedOf(pathname, req.method ?? "GET");
    if (!feed) return void res.writeHead(404, { "Content-Type": "text/plain" }).end("no such stream\n");
    this.#visits += 1;
    const { feeds, number, open } = { feeds: this.#feeds, number: this.#visits, open: this.#open };
    const lastId = req.headers["last-event-id"]?.toString();
    // Node reads header fields as Latin-1, but EventSource sends the id as UTF-8.
    const id = lastId === undefined ? undefined : Buffer.from(lastId, "latin1").toString();
    const reader = new Reader(this.#behavior, {
      req,
      res,
      feed,
      feeds,
      number,
      open,
      lastId: id,
      path: pathname,
    });
    this.#behavior.outer(reader.visit, () => {
      if (req.method === "OPTIONS") return this.#behavior.preflight(reader.visit);
      if (req.method === "HEAD") return this.#behavior.hear(reader.visit);
      this.#open.add(reader.visit);
      res.once("close", () => this.#open.delete(reader.visit));
      reader.open();
    });
  }

  /** `/stream` is the feed, or begins a run; `/stream/<name>` is a run that began before. */
  #feedOf(path: string, method: string): Feed | undefined {
    const [, stream, name] = path.split("/");
    if (stream !== "stream") return undefined;
    if (name !== undefined) return this.#feeds.get(name);
    if (this.#kind === "live" || this.#kind === "history") return this.#feeds.get("stream");
    const run = new Feed(randomBytes(3).toString("hex"));
    if (method === "GET" || method === "POST") this.#produce(run, this.#behavior.length);
    return run;
  }

  /** Append events to the feed at a steady pace, and end it after so many. */
  #produce(feed: Feed, length: number): void {
    this.#feeds.set(feed.name, feed);
    const { everyMs, burst } = this.#behavior;
    if (everyMs === null) return;
    let made = 0;
    const timer = setInterval(() => {
      for (const end = made + burst; made < Math.min(end, length); ) {
        made += 1;
        this.#append(feed, { data: this.#behavior.data(made) });
      }
      if (made < length) return;
      clearInterval(timer);
      for (const entry of this.#behavior.last()) this.#append(feed, entry);
      feed.end();
    }, everyMs);
    this.#timers.add(timer);
  }

  #append(feed: Feed, entry: { readonly data: string; readonly event?: string }): void {
    this.#minted += 1;
    const id = this.#behavior.mint(this.#minted, this.#start);
    feed.append({ ...(id === undefined ? {} : { id }), ...entry });
  }

  async #publish(req: IncomingMessage, res: ServerResponse, event: string | undefined): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    const feed = this.#feeds.get("stream");
    if (!feed || req.method !== "POST" || /[\r\n]/.test(event ?? ""))
      return void res.writeHead(400).end("cannot be published\n");
    for (const entry of this.#behavior.accept(Buffer.concat(parts).toString(), event))
      this.#append(feed, entry);
    res.writeHead(204).end();
  }
}

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Behavior, PlainFeed, Waiting } from "./behavior.ts";

/** A plain server that delivers messages by polling, long polling and a stream. */
export interface PlainServer {
  readonly url: string;
  restart(): void;
  close(): Promise<void>;
}

/** Start it on a free port. */
export async function startPlain(behavior: Behavior): Promise<PlainServer> {
  const feeds = new Map<string, PlainFeed>();
  const server = createServer((request, response) => {
    serve(behavior, feeds, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.keepAliveTimeout = 1;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    restart() {
      for (const feed of feeds.values()) {
        for (const { response } of [...feed.waiting]) response.destroy();
        behavior.restart(feed);
      }
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  behavior: Behavior,
  feeds: Map<string, PlainFeed>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://plain");
  const [, name = "", what = ""] = url.pathname.split("/");
  const feed = behavior.feed(feeds, name);
  if (request.method === "POST" && what === "end") {
    feed.isEnded = true;
    behavior.notify(feed);
    return void response.writeHead(204).end();
  }
  if (request.method === "POST" && what === "trim") {
    const keep = Number(url.searchParams.get("keep"));
    const gone = feed.log.splice(0, feed.log.length - keep);
    feed.dropped = gone.at(-1)?.n ?? feed.dropped;
    return void response.writeHead(204).end();
  }
  if (request.method === "POST") {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    behavior.append(feed, Buffer.concat(parts).toString());
    response.writeHead(204).end();
    behavior.notify(feed);
    return;
  }
  read(behavior, feed, url, what === "stream" ? "stream" : "page", request, response);
}

function read(
  behavior: Behavior,
  feed: PlainFeed,
  url: URL,
  kind: "page" | "stream",
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const id = request.headers["last-event-id"]?.toString() ?? "";
  const place = behavior.place(feed, kind === "stream" ? id : (url.searchParams.get("after") ?? ""), kind);
  if (place === undefined) return void response.writeHead(410).end();
  if (kind === "stream") stream(behavior, feed, place, response);
  else page(behavior, feed, place, url.searchParams.has("hold"), response);
}

function page(
  behavior: Behavior,
  feed: PlainFeed,
  place: number,
  holds: boolean,
  response: ServerResponse,
): void {
  let timer: NodeJS.Timeout | undefined;
  const reader: Waiting = {
    kind: "hold",
    at: place,
    response,
    wake(isLast = !holds) {
      const messages = behavior.since(feed, place, "page");
      if (messages.length === 0 && !isLast && !feed.isEnded) return;
      clearTimeout(timer);
      behavior.left(feed, reader);
      const body = JSON.stringify(behavior.page(feed, messages, place));
      response.writeHead(200, { "Content-Type": "application/json" }).end(body);
    },
  };
  if (holds) timer = setTimeout(() => reader.wake(true), behavior.holdMs);
  feed.waiting.add(reader);
  response.once("close", () => {
    clearTimeout(timer);
    behavior.left(feed, reader);
  });
  reader.wake();
}

function stream(behavior: Behavior, feed: PlainFeed, place: number, response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(behavior.hello(feed, place));
  const reader: Waiting = {
    kind: "stream",
    at: place,
    response,
    wake() {
      for (const message of behavior.since(feed, reader.at, "stream")) {
        reader.at = Math.max(reader.at, message.n);
        response.write(behavior.frame(feed, message));
      }
      if (!feed.isEnded || response.writableEnded) return;
      response.end(behavior.goodbye(feed));
      behavior.left(feed, reader);
    },
  };
  feed.waiting.add(reader);
  response.once("close", () => behavior.left(feed, reader));
  reader.wake();
}

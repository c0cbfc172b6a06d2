import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";

/** A target that is not a server of the protocol. */
export interface NullTarget {
  readonly id: string;
  start(): Promise<NullServer>;
  /** Tests that it rightly passes because it sends a valid `Tidemark`. */
  readonly keeps?: readonly string[];
}

/** A running null target. */
export interface NullServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Tests that pass for any target which sends a valid `Tidemark` with every answer. */
const HEADER_TESTS = [
  "server/core/every-answer-to-a-publisher-claims",
  "server/core/long-poll-implies-poll",
  "server/core/tidemark-is-a-dictionary",
];

const CLAIMS = "v=1, mechanisms=(poll long-poll sse), max-wait=4, heartbeat=2, publish, key-ttl=60, event";

/** All null targets. Apart from `keeps`, none may pass a test. */
export const NULL_TARGETS: readonly NullTarget[] = [
  { id: "nothing listens", start: refusing },
  { id: "accepts and says nothing", start: () => byTcp(() => undefined) },
  { id: "closes at once", start: () => byTcp((socket) => socket.end()) },
  { id: "resets", start: () => byTcp((socket) => socket.resetAndDestroy()) },
  { id: "echoes bytes", start: () => byTcp((socket) => socket.pipe(socket)) },
  {
    id: "speaks another protocol",
    start: () => byTcp((socket) => socket.write("220 mail.example ESMTP\r\n")),
  },
  { id: "an empty 200", start: () => byHttp((_, res) => res.end()) },
  { id: "a 204", start: () => byHttp((_, res) => res.writeHead(204).end()) },
  {
    id: "a page of HTML",
    start: () => byHttp(answer(200, "text/html", "<!doctype html><title>Hello</title>")),
  },
  { id: "an empty object", start: () => byHttp(answer(200, "application/json", "{}")) },
  { id: "a 500", start: () => byHttp(answer(500, "text/plain", "Internal Server Error")) },
  { id: "a 404", start: () => byHttp(answer(404, "text/plain", "Not Found")) },
  { id: "a problem of its own", start: () => byHttp(answer(400, "application/problem+json", "{}")) },
  { id: "an endless event stream", start: () => byHttp(streaming) },
  {
    id: "a redirect to itself",
    start: () => byHttp((req, res) => res.writeHead(302, { Location: req.url ?? "/" }).end()),
  },
  { id: "echoes the request", start: () => byHttp(echoing) },
  {
    id: "the header field, and garbage",
    start: () => byHttp(answer(200, "application/json", "}{", CLAIMS)),
    keeps: HEADER_TESTS,
  },
  {
    id: "the header field, and a 500",
    start: () => byHttp(answer(500, "text/plain", "", CLAIMS)),
    keeps: HEADER_TESTS,
  },
];

function answer(status: number, type: string, body: string, tidemark?: string): RequestListener {
  return (_, res) => {
    res.writeHead(status, { "Content-Type": type, ...(tidemark && { Tidemark: tidemark }) }).end(body);
  };
}

const streaming: RequestListener = (_, res) => {
  res.writeHead(200, { "Content-Type": "text/event-stream" });
  const timer = setInterval(() => res.write("data: tick\n\n"), 100);
  res.once("close", () => clearInterval(timer));
};

const echoing: RequestListener = (req, res) => {
  res.writeHead(200, { "Content-Type": req.headers["content-type"] ?? "text/plain" });
  req.pipe(res);
};

async function byHttp(listener: RequestListener): Promise<NullServer> {
  const server = createServer(listener);
  return opened(server, () => server.closeAllConnections());
}

async function byTcp(listener: (socket: Socket) => unknown): Promise<NullServer> {
  const sockets = new Set<Socket>();
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).once("close", () => sockets.delete(socket));
    listener(socket);
  });
  return opened(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** A port on which nothing listens any more. */
async function refusing(): Promise<NullServer> {
  const server = await byTcp(() => undefined);
  await server.close();
  return { url: server.url, close: async () => undefined };
}

async function opened(server: Server, cut: () => void): Promise<NullServer> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/{channel}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        cut();
      }),
  };
}

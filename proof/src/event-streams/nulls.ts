import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";

/** A target that is no event stream. */
export interface NullStream {
  readonly id: string;
  /** What the verdict has to say about it. */
  readonly says: RegExp;
  start(): Promise<{ readonly url: string; close(): Promise<void> }>;
}

const page = "<!doctype html><title>Sign in</title><form method=post><input name=user></form>";

/** Targets about which the suite must give no verdict. */
export const NULL_STREAMS: readonly NullStream[] = [
  { id: "a login page", says: /login page/, start: () => http(answer(200, "text/html", page)) },
  {
    id: "a JSON document",
    says: /JSON/,
    start: () => http(answer(200, "application/json", '{"data":"no stream"}')),
  },
  { id: "a 204", says: /204/, start: () => http((_, res) => res.writeHead(204).end()) },
  {
    id: "a 401",
    says: /401.*--header/,
    start: () => http(answer(401, "application/json", '{"error":"unauthorized"}')),
  },
  { id: "a 404", says: /404/, start: () => http(answer(404, "text/plain", "not found\n")) },
  { id: "a 500", says: /500/, start: () => http(answer(500, "text/plain", "oops\n")) },
  {
    id: "a file of text",
    says: /no event stream/,
    start: () => http(answer(200, "text/plain", "10:02:17 started\n10:02:19 ready\n")),
  },
  {
    id: "a redirect to itself",
    says: /redirect/,
    start: () => http((req, res) => res.writeHead(302, { Location: req.url ?? "/" }).end()),
  },
  { id: "silence", says: /no response head/, start: () => tcp(() => undefined) },
  {
    id: "a connection that closes",
    says: /the server closed the connection without an answer/,
    start: () => tcp((socket) => socket.end()),
  },
  {
    id: "another protocol",
    says: /HTTP/,
    start: () => tcp((socket) => socket.write("220 mail.example ESMTP\r\n")),
  },
  { id: "nothing that listens", says: /cannot be reached/, start: refusing },
];

function answer(status: number, type: string, body: string): RequestListener {
  return (_, res) => {
    res.writeHead(status, { "Content-Type": type }).end(body);
  };
}

async function http(listener: RequestListener): ReturnType<NullStream["start"]> {
  const server = createServer(listener);
  return started(server, () => server.closeAllConnections());
}

async function tcp(listener: (socket: Socket) => unknown): ReturnType<NullStream["start"]> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).once("close", () => sockets.delete(socket));
    listener(socket);
  });
  return started(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** A port on which nothing listens any more. */
async function refusing(): ReturnType<NullStream["start"]> {
  const { url, close } = await tcp(() => undefined);
  await close();
  return { url, close: async () => undefined };
}

async function started(server: Server, cut: () => void): ReturnType<NullStream["start"]> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    cut();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, close };
}

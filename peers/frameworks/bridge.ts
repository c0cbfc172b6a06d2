// Passes each connection of HTTP/1.1 on over a connection of HTTP/2, so that tools without HTTP/2 test such a server.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import type { AddressInfo, Socket } from "node:net";

/** Fields of one connection, which HTTP/2 does not have. */
const OF_CONNECTIONS = ["connection", "keep-alive", "transfer-encoding", "upgrade", "host", "expect"];

/** Listen on a free port for the server at `port`, whose certificate is self-signed. */
export async function bridge(port: number): Promise<{ readonly port: number; close(): void }> {
  // One for each client: in a shared one, a reader that takes nothing would use up the window of all others.
  const sessions = new Map<Socket, ClientHttp2Session>();
  const sessionOf = (socket: Socket): ClientHttp2Session => {
    const known = sessions.get(socket);
    if (known !== undefined && !known.destroyed && !known.closed) return known;
    const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    session.on("error", () => undefined); // each of its streams reports it
    if (known === undefined)
      socket.once("close", () => {
        sessions.get(socket)?.destroy();
        sessions.delete(socket);
      });
    sessions.set(socket, session);
    return session;
  };
  const server = createServer((req, res) => pass(req, res, sessionOf(req.socket)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function pass(req: IncomingMessage, res: ServerResponse, session: ClientHttp2Session): void {
  const { method = "GET", url = "/", headers } = req;
  const pseudo = { ":method": method, ":path": url, ":authority": headers.host ?? "" };
  const stream = session.request({ ...pseudo, ...without(headers) }, { endStream: false });
  stream.once("response", ({ ":status": status = 502, ...fields }) => {
    res.writeHead(status, without(fields as IncomingHttpHeaders));
    res.flushHeaders();
    stream.pipe(res);
  });
  stream.on("error", () => res.destroy());
  stream.once("close", () => stream.rstCode !== 0 && res.destroy());
  res.once("close", () => stream.close());
  req.pipe(stream);
}

function without(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && !OF_CONNECTIONS.includes(name)),
  );
}

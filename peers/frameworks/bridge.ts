// Passes requests of HTTP/1.1 on over one connection of HTTP/2, so that tools without HTTP/2 test such a server.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import type { AddressInfo } from "node:net";

/** Fields of one connection, which HTTP/2 does not have. */
const OF_CONNECTIONS = ["connection", "keep-alive", "transfer-encoding", "upgrade", "host", "expect"];

/** Listen on a free port for the server at `port`, whose certificate is self-signed. */
export async function bridge(port: number): Promise<{ readonly port: number; close(): void }> {
  let session: ClientHttp2Session | undefined;
  const toServer = (): ClientHttp2Session => {
    if (session === undefined || session.destroyed || session.closed)
      session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }).on(
        "error",
        () => undefined,
      );
    return session;
  };
  const server = createServer((req, res) => pass(req, res, toServer()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      session?.destroy();
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

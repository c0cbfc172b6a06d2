import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OwnPages, type Pages } from "../own-pages.ts";

/** A server for operators, on a port of its own. */
export interface ManagementServer {
  /** Its address, without a path. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serve pages for operators until `close` is called. Rejects with the system's error if it cannot listen. */
export function manage(port: number, host: string, pages: Pages): Promise<ManagementServer> {
  const own = new OwnPages("/channels/:channel", pages);
  const server = createServer((req, res) => {
    if (!own.answer(req, res)) res.writeHead(404, { "Content-Length": 0 }).end();
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const { port: bound } = server.address() as AddressInfo;
      const name = host.includes(":") ? `[${host}]` : host;
      resolve({ url: `http://${name}:${bound}`, close: () => closed(server) });
    });
  });
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

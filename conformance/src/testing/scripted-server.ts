import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { type SeenRequest, takeRequest } from "./seen-request.ts";

/** Handles a request by writing any bytes to the socket. */
export type Script = (request: SeenRequest, socket: Socket) => unknown;

/** A TCP server whose answers a script writes, byte for byte. */
export interface ScriptedServer {
  readonly origin: string;
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Listen on a free port of the loopback interface. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on("error", () => socket.destroy()); // the suite drops connections; that is not an error
    socket.once("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      const request = takeRequest(received);
      if (!request) return;
      received = Buffer.alloc(0);
      requests.push(request);
      script(request, socket);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A whole answer with `Content-Length`. */
export function answer(status: string, headers: readonly string[], body = ""): string {
  return [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join(
    "\r\n",
  );
}

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, and the response that the test writes whenever it wants. */
export interface Held {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A server on a free port that never answers by itself. */
export interface HeldServer {
  readonly url: string;
  /** The oldest request to this path that was not returned yet; waits for one. */
  next(path: string): Promise<Held>;
  close(): void;
}

export async function openHeldServer(): Promise<HeldServer> {
  const held: Held[] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    held.push({ request, response });
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  });
  server.keepAliveTimeout = 0; // send no Keep-Alive hint
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async next(path) {
      for (;;) {
        const index = held.findIndex(({ request }) => request.url === path);
        const [found] = index === -1 ? [] : held.splice(index, 1);
        if (found !== undefined) return found;
        await new Promise<void>((wake) => waiting.push(wake));
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

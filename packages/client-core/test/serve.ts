// A server of HTTP/1.1 for tests. Where tests run without Node, proof/src/runtimes puts one at a distance in its place.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request, with its whole body. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** Resolves when the client has gone or the answer is out. */
  readonly gone: Promise<void>;
}

/** The part of Node's `ServerResponse` that tests need. */
export interface Answer {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  flushHeaders(): void;
  /** False if a `drain` event tells when more may be written. */
  write(chunk: string | Uint8Array, done?: () => void): boolean;
  end(chunk?: string): unknown;
  destroy(): unknown;
  once(event: "drain", listener: () => void): unknown;
}

/** A server that listens. */
export interface Serving {
  readonly port: number;
  close(): Promise<void>;
}

/** Listen on a free port of the loopback address. */
export async function serve(handle: (request: Request, answer: Answer) => void): Promise<Serving> {
  const server = createServer(async (request, response) => {
    const gone = new Promise<void>((resolve) => response.once("close", resolve));
    const { method = "", url = "/", headers } = request;
    // A request on a connection that was used before may be sent again by the platform itself when it is cut.
    response.setHeader("connection", "close");
    handle({ method, url, headers, body: await text(request), gone }, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// An HTTP/1.1 server for tests. Where tests run without Node, proof/src/runtimes replaces it by a remote one.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request, with its whole body. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** Resolves when the client has disconnected or the answer is sent. */
  readonly gone: Promise<void>;
}

/** The part of Node's `ServerResponse` that tests need. */
export interface Answer {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  flushHeaders(): void;
  /** False if the caller should wait for `drain` before it writes more. */
  write(chunk: string | Uint8Array, done?: () => void): boolean;
  end(chunk?: string): unknown;
  destroy(): unknown;
  once(event: "drain", listener: () => void): unknown;
}

/** A listening server. */
export interface Serving {
  readonly port: number;
  close(): Promise<void>;
}

/** Listen on a free port of the loopback address. */
export async function serve(handle: (request: Request, answer: Answer) => void): Promise<Serving> {
  const server = createServer(async (request, response) => {
    const gone = new Promise<void>((resolve) => response.once("close", resolve));
    const { method = "", url = "/", headers } = request;
    // If a reused connection is cut, the platform may resend the request by itself.
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

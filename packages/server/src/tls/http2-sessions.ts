import { createServer, type Http2Server, type Http2Stream, type ServerHttp2Session } from "node:http2";

/** The most requests of one connection at the same time, as in nginx. An answer that is not read takes memory. */
const MAX_STREAMS = 128;

/** A connection without requests is closed, and one that takes no bytes is cut, after this time in milliseconds. */
const IDLE_MS = 60_000;

/** Answers a request through Node's compatibility API. */
export type Http2Listener = NonNullable<Parameters<typeof createServer>[1]>;

/** The HTTP/2 connections of a server. */
export class Http2Sessions {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  #isRetired = false;

  constructor(listener: Http2Listener, failed: (error: unknown) => void) {
    this.#server = createServer({ settings: { maxConcurrentStreams: MAX_STREAMS } }, listener);
    this.#server.on("session", (session) => this.#add(session));
    this.#server.on("sessionError", (error) => {
      if (!isByClient(error)) failed(error);
    });
  }

  /** Serve a connection whose TLS has agreed on `h2`. */
  take(socket: unknown): void {
    this.#server.emit("connection", socket);
  }

  /** Close each connection when its requests are answered; take no further request from it. */
  retire(): void {
    this.#isRetired = true;
    for (const session of this.#sessions) session.close();
  }

  cut(): void {
    for (const session of this.#sessions) session.destroy();
  }

  #add(session: ServerHttp2Session): void {
    const streams = new Set<Http2Stream>();
    this.#sessions.add(session);
    session.on("close", () => this.#sessions.delete(session));
    session.on("stream", (stream) => {
      streams.add(stream);
      stream.on("close", () => streams.delete(stream));
    });
    session.setTimeout(IDLE_MS, () => {
      if (streams.size === 0) session.close();
      else if ([...streams].some(({ bufferSize }) => bufferSize > 0)) session.destroy();
    });
    if (this.#isRetired) session.close();
  }
}

/** Whether the client has broken off, or broken the rules of HTTP/2. */
function isByClient(error: Error & { readonly code?: string }): boolean {
  return /^(ECONNRESET|EPIPE|ERR_HTTP2_.*|ERR_SSL_.*)$/.test(error.code ?? "");
}

import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { concat, utf8 } from "../wire/bytes.ts";
import type { HeaderLines } from "../wire/headers.ts";
import type { SeenRequest } from "./seen-request.ts";

/** Reason phrases; clients ignore them, people read them. */
const PHRASES: Readonly<Record<number, string>> = { 200: "OK", 204: "No Content", 307: "Temporary Redirect" };

/** The field of a body that comes in chunks. */
export const CHUNKED = ["Transfer-Encoding", "chunked"] as const;

/** Between two chunks that are to arrive as two. */
const PAUSE_MS = 1;

/** On a busy machine pauses are long. After so much time the rest comes at once: a client that waits for it gives up. */
const PACED_MS = 2_000;

/** A part of a body as one chunk on the wire; nothing: the last one. */
export function chunkOf(bytes: Uint8Array): Uint8Array {
  return concat([utf8(`${bytes.length.toString(16)}\r\n`), bytes, utf8("\r\n")]);
}

/** The answer to one request, written as the script wants it. */
export class Reply {
  readonly request: SeenRequest;
  readonly #socket: Socket;
  readonly #release: () => void;
  readonly #always: HeaderLines;

  /** @param release called when the answer is complete and the connection is free for the next request; always: header lines of every answer */
  constructor(request: SeenRequest, socket: Socket, release: () => void, always: HeaderLines = []) {
    this.request = request;
    this.#socket = socket;
    this.#release = release;
    this.#always = always;
    socket.once("close", () => request.end("client-left"));
  }

  /** The client has gone, or the answer is over. */
  get over(): boolean {
    return this.request.ending !== undefined;
  }

  /** A whole answer with `Content-Length`. */
  whole(status: number, headers: HeaderLines, body: string | Uint8Array = ""): void {
    const bytes = typeof body === "string" ? utf8(body) : body;
    const sized: HeaderLines =
      status === 204 || status === 304 ? [] : [["Content-Length", `${bytes.length}`]];
    this.#write(this.#head(status, [...headers, ...sized]));
    if (status !== 204 && status !== 304) this.#write(bytes);
    this.complete();
  }

  /** Send the head of an answer whose body comes in chunks. */
  begin(status: number, headers: HeaderLines): void {
    this.#write(this.#head(status, [...headers, CHUNKED]));
  }

  /** Send a part of the body as one chunk. */
  chunk(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#write(chunkOf(bytes), bytes);
  }

  /** The bytes of an answer with this head and this body, framed already, for {@link raw}. */
  bytesOf(status: number, headers: HeaderLines, framed: Uint8Array): Uint8Array {
    return concat([this.#head(status, headers), framed]);
  }

  /** Send some of the bytes of an answer, its head included, each part a little after the one before. */
  async raw(parts: readonly Uint8Array[]): Promise<void> {
    await this.#paced(parts, (part) => this.#write(part));
  }

  /**
   * Send parts of the body as chunks of their own, each a little after the one before: what comes together, a client's
   * HTTP library hands on together.
   */
  async chunks(parts: readonly Uint8Array[]): Promise<void> {
    await this.#paced(parts, (part) => this.chunk(part));
  }

  /** End the body as it should. */
  end(): void {
    if (this.over) return;
    this.#write(chunkOf(new Uint8Array()), new Uint8Array());
    this.complete();
  }

  /** End the connection inside the answer, after what was sent has left. */
  cut(): void {
    this.request.end("cut");
    this.#socket.end();
  }

  /** Reset the connection: what was sent may be lost. */
  reset(): void {
    this.request.end("cut");
    this.#socket.resetAndDestroy();
  }

  async #paced(parts: readonly Uint8Array[], send: (part: Uint8Array) => void): Promise<void> {
    const enough = performance.now() + PACED_MS;
    for (const [index, part] of parts.entries()) {
      if (index > 0 && performance.now() < enough) await delay(PAUSE_MS);
      send(part);
    }
  }

  /** The answer is whole, and its connection free for the next request. */
  complete(): void {
    this.request.end("complete");
    if (/\bclose\b/i.test(this.request.header("connection") ?? "")) this.#socket.end();
    this.#release();
  }

  #head(status: number, scripted: HeaderLines): Uint8Array {
    const headers = [...scripted, ...this.#always];
    this.request.status = status;
    this.request.responseHeaders = headers;
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return Buffer.from(`HTTP/1.1 ${status} ${PHRASES[status] ?? "Scripted"}\r\n${lines}\r\n`, "latin1");
  }

  #write(bytes: Uint8Array, shown: Uint8Array = bytes): void {
    if (this.over || this.#socket.destroyed) return;
    this.request.sent.push({ atMs: performance.now() - this.request.at, bytes: shown });
    this.#socket.write(bytes);
  }
}

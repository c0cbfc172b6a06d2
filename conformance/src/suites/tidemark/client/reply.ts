import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { concat, utf8 } from "../../../engine/wire/bytes.ts";
import type { HeaderLines } from "../../../engine/wire/headers.ts";
import type { SeenRequest } from "./seen-request.ts";

/** Reason phrases; clients ignore them, people read them. */
const PHRASES: Readonly<Record<number, string>> = { 200: "OK", 204: "No Content", 307: "Temporary Redirect" };

/** The header field of a chunked body. */
export const CHUNKED = ["Transfer-Encoding", "chunked"] as const;

/** Pause between chunks that have to arrive separately. */
const PAUSE_MS = 1;

/** Longest paced sending: on a busy machine pauses are long, so the rest goes out at once before a client gives up. */
const PACED_MS = 2_000;

/** A part of a body as one chunk on the wire; an empty part gives the last chunk. */
export function chunkOf(bytes: Uint8Array): Uint8Array {
  return concat([utf8(`${bytes.length.toString(16)}\r\n`), bytes, utf8("\r\n")]);
}

/** The answer to one request, sent as a script says. */
export class Reply {
  readonly request: SeenRequest;
  readonly #socket: Socket;
  readonly #release: () => void;
  readonly #always: HeaderLines;

  /**
   * @param release called when the answer is complete and the connection is free for the next request
   * @param always header lines of every answer
   */
  constructor(request: SeenRequest, socket: Socket, release: () => void, always: HeaderLines = []) {
    this.request = request;
    this.#socket = socket;
    this.#release = release;
    this.#always = always;
    socket.once("close", () => request.end("client-left"));
  }

  /** Whether the answer has ended or the client has left. */
  get over(): boolean {
    return this.request.ending !== undefined;
  }

  /** Send a whole answer with `Content-Length`. */
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

  /** The bytes of an answer with this head and an already framed body, for {@link raw}. */
  bytesOf(status: number, headers: HeaderLines, framed: Uint8Array): Uint8Array {
    return concat([this.#head(status, headers), framed]);
  }

  /** Send bytes of an answer, its head included, with a short pause between the parts. */
  async raw(parts: readonly Uint8Array[]): Promise<void> {
    await this.#paced(parts, (part) => this.#write(part));
  }

  /**
   * Send each part of the body as its own chunk, with a short pause between them: an HTTP library delivers as one piece
   * what arrives together.
   */
  async chunks(parts: readonly Uint8Array[]): Promise<void> {
    await this.#paced(parts, (part) => this.chunk(part));
  }

  /** End the body properly, with the last chunk. */
  end(): void {
    if (this.over) return;
    this.#write(chunkOf(new Uint8Array()), new Uint8Array());
    this.complete();
  }

  /** Close the connection in the middle of the answer; what was sent still goes out. */
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

  /** Mark the answer as complete and its connection as free for the next request. */
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

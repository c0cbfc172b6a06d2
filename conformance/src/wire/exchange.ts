import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { concat } from "./bytes.ts";
import { type ConnectOptions, openSocket } from "./connect.ts";
import { decodeContent } from "./content-coding.ts";
import { type HeaderLines, header } from "./headers.ts";
import { encodeRequest, type WireRequest } from "./request.ts";
import { ResponseParser } from "./response-parser.ts";

/** Bytes as one read of the socket gave them. */
export interface Chunk {
  /** Milliseconds after the request was begun. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** How an exchange is over: whole answer, peer's end before it, a reset, our limit, our own abort, or no connection at all. */
export type Ending = "complete" | "cut" | "reset" | "limit" | "aborted" | "no-connection";

/** One request and all that came back, kept as it came. It never redirects, retries or rejects. */
export class Exchange {
  readonly request: WireRequest;
  /** `performance.now()` when the request was begun. */
  readonly startedAt: number = performance.now();
  /** Everything that was received, framing included. */
  readonly received: Chunk[] = [];
  /** The body's bytes without transfer framing, still in their content coding. */
  readonly body: Chunk[] = [];
  ending: Ending | undefined;
  endedAtMs: number | undefined;
  /** Why there was no connection, or what broke it. */
  failure: string | undefined;
  readonly #parser: ResponseParser;
  readonly #socket: Socket;
  readonly #watchers = new Set<() => void>();

  constructor(request: WireRequest, options: ConnectOptions = {}) {
    this.request = request;
    this.#parser = new ResponseParser(request.method, (bytes) =>
      this.body.push({ atMs: this.elapsedMs, bytes }),
    );
    this.#socket = openSocket(request.origin, options);
    this.#listen();
    void this.#send(encodeRequest(request));
  }

  /** Milliseconds since the request was begun. */
  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** `performance.now()` when it was over; infinite while it is not. */
  get endedAt(): number {
    return this.startedAt + (this.endedAtMs ?? Number.POSITIVE_INFINITY);
  }

  /** The answer's status; undefined as long as no whole head has come. */
  get status(): number | undefined {
    return this.#parser.head?.status;
  }

  get headers(): HeaderLines {
    return this.#parser.head?.headers ?? [];
  }

  /** When the head was complete, in milliseconds after the start. */
  headAtMs: number | undefined;

  /** What was not as HTTP wants it. */
  get faults(): readonly string[] {
    return this.#parser.faults;
  }

  /** A header's value, or undefined. */
  header(name: string): string | undefined {
    return header(this.headers, name);
  }

  /** The body so far, its content coding undone. */
  get content(): Uint8Array {
    const joined = concat(this.body.map((chunk) => chunk.bytes));
    return decodeContent(joined, this.header("content-encoding"), this.ending === "complete");
  }

  /** The content as text. */
  get text(): string {
    return new TextDecoder().decode(this.content);
  }

  /**
   * Wait until `condition` holds, the exchange is over, or `limitMs` from now have gone.
   * Resolves to whether the condition holds.
   */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    if (condition()) return true;
    if (this.ending !== undefined) return false;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      const look = (): void => {
        if (condition() || this.ending !== undefined) settle();
      };
      const timer = setTimeout(settle, limitMs);
      this.#watchers.add(look);
    });
    return condition();
  }

  /** Wait for the whole answer; after `limitMs` the connection is dropped and the exchange ends as `limit`. */
  async done(limitMs: number): Promise<this> {
    await this.until(() => this.ending !== undefined, limitMs);
    this.#finish("limit");
    return this;
  }

  /** Drop the connection now. */
  abort(): void {
    this.#finish("aborted");
  }

  /** Stop (or go on) taking bytes off the socket, as a slow reader does. */
  pause(paused: boolean): void {
    if (paused) this.#socket.pause();
    else this.#socket.resume();
  }

  /**
   * Send piece by piece, with a look at what comes back before each: a server that refuses a body early closes
   * the connection, and a write into it would lose the refusal that waits to be read. Most refuse by the head, so
   * the first look is a long one.
   */
  async #send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && this.ending === undefined; at += PIECE_BYTES) {
      if (at === PIECE_BYTES) await this.until(() => this.headAtMs !== undefined, EARLY_ANSWER_MS);
      if (this.headAtMs !== undefined) return;
      await new Promise<void>((done) =>
        this.#socket.write(bytes.subarray(at, at + PIECE_BYTES), () => done()),
      );
      await setImmediate();
      await setImmediate();
    }
  }

  #listen(): void {
    this.#socket.on("data", (bytes: Uint8Array) => this.#receive(bytes));
    this.#socket.once("end", () => this.#ended());
    this.#socket.once("close", () => this.#ended());
    this.#socket.on("error", (error: NodeJS.ErrnoException) => {
      this.failure ??= error.code ?? error.message;
      const connected = this.#socket.bytesRead > 0 || !NO_CONNECTION.test(this.failure);
      this.#finish(connected ? "reset" : "no-connection");
    });
  }

  #receive(bytes: Uint8Array): void {
    if (this.ending !== undefined) return;
    this.received.push({ atMs: this.elapsedMs, bytes });
    this.#parser.push(bytes);
    if (this.status !== undefined) this.headAtMs ??= this.elapsedMs;
    if (this.#parser.complete) this.#finish("complete");
    else this.#notify();
  }

  #ended(): void {
    if (this.ending !== undefined) return;
    this.#parser.end();
    this.#finish(this.#parser.complete ? "complete" : "cut");
  }

  #finish(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.endedAtMs = this.elapsedMs;
    this.#socket.destroy();
    this.#notify();
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** Bytes that are sent at once. */
const PIECE_BYTES = 64 * 1024;

/** How long a server has to refuse a body of more than one piece by its head alone. */
const EARLY_ANSWER_MS = 1_000;

/** Codes of errors that mean that no connection came about. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

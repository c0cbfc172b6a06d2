import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { concat } from "./bytes.ts";
import { type ConnectOptions, type Kept, type Line, openSocket } from "./connect.ts";
import { decodeContent } from "./content-coding.ts";
import { type HeaderLines, header } from "./headers.ts";
import { encodeRequest, type WireRequest } from "./request.ts";
import { ResponseParser } from "./response-parser.ts";

/** The bytes of one read from the socket. */
export interface Chunk {
  /** Milliseconds after the start of the request. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** How an exchange ended: whole answer, early end, reset, our limit, our abort, or no connection. */
export type Ending = "complete" | "cut" | "reset" | "limit" | "aborted" | "no-connection";

/** One request and everything that came back, unchanged. It never redirects, retries or rejects. */
export class Exchange {
  readonly request: WireRequest;
  /** `performance.now()` at the start of the request. */
  readonly startedAt: number = performance.now();
  /** Everything that was received, including framing. */
  readonly received: Chunk[] = [];
  /** The body without transfer framing, but still in its content coding. */
  readonly body: Chunk[] = [];
  ending: Ending | undefined;
  endedAtMs: number | undefined;
  /** Why there was no connection, or why it broke. */
  failure: string | undefined;
  readonly #parser: ResponseParser;
  readonly #socket: Line;
  readonly #kept: Kept | undefined;
  readonly #surplus: Uint8Array[] = [];
  #isSent = false;
  readonly #watchers = new Set<() => void>();
  readonly #maxBytes: number;
  readonly #earlyAnswerMs: number;
  /** The bytes that have come, including framing. */
  receivedBytes = 0;

  constructor(request: WireRequest, options: ConnectOptions = {}) {
    this.request = request;
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#earlyAnswerMs = options.earlyAnswerMs ?? EARLY_ANSWER_MS;
    this.#kept = options.kept;
    const surplus = (bytes: Uint8Array): unknown => this.#surplus.push(bytes);
    this.#parser = new ResponseParser(
      request.method,
      (bytes) => this.body.push({ atMs: this.elapsedMs, bytes }),
      this.#kept && surplus,
    );
    this.#socket = this.#kept?.line() ?? openSocket(request.origin, options);
    this.#listen();
    void this.#send(encodeRequest(request));
  }

  /** Milliseconds since the start of the request. */
  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** `performance.now()` at its end; infinite before. */
  get endedAt(): number {
    return this.startedAt + (this.endedAtMs ?? Number.POSITIVE_INFINITY);
  }

  /** The answer's status; undefined before the whole head has come. */
  get status(): number | undefined {
    return this.#parser.head?.status;
  }

  get headers(): HeaderLines {
    return this.#parser.head?.headers ?? [];
  }

  /** The version in the status line, such as `1.1`; empty before the head has come. */
  get version(): string {
    return this.#parser.head?.version ?? "";
  }

  /** How the end of the body is marked; undefined before the head has come. */
  get framing(): "none" | "length" | "chunked" | "close" | undefined {
    return this.#parser.framing;
  }

  /** When the head was complete, in milliseconds after the start. */
  headAtMs: number | undefined;

  /** Violations of HTTP in the answer. */
  get faults(): readonly string[] {
    return this.#parser.faults;
  }

  /** A header's value, or undefined. */
  header(name: string): string | undefined {
    return header(this.headers, name);
  }

  /** The body so far, decoded from its content coding. */
  get content(): Uint8Array {
    const joined = concat(this.body.map((chunk) => chunk.bytes));
    return decodeContent(joined, this.header("content-encoding"), this.ending === "complete");
  }

  /** The content as text. */
  get text(): string {
    return new TextDecoder().decode(this.content);
  }

  /**
   * Wait until `condition` holds, the exchange is over, or `limitMs` have passed. Resolves to whether the
   * condition holds.
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

  /** Wait for the whole answer. After `limitMs`, drop the connection; the exchange then ends as `limit`. */
  async done(limitMs: number): Promise<this> {
    await this.until(() => this.ending !== undefined, limitMs);
    this.#finish("limit");
    return this;
  }

  /** Drop the connection now. */
  abort(): void {
    this.#finish("aborted");
  }

  /** Pause or resume reading from the socket, like a slow reader. */
  pause(paused: boolean): void {
    if (paused) this.#socket.pause();
    else this.#socket.resume();
  }

  /**
   * Send piece by piece, and read what comes back before each piece. A server that refuses a body early
   * closes the connection; writing to it would lose the unread refusal. Most servers refuse after the head,
   * so the first pause is the longest.
   */
  async #send(bytes: Uint8Array): Promise<void> {
    this.#isSent = bytes.length <= PIECE_BYTES;
    for (let at = 0; at < bytes.length && this.ending === undefined; at += PIECE_BYTES) {
      if (at === PIECE_BYTES) await this.until(() => this.headAtMs !== undefined, this.#earlyAnswerMs);
      if (this.headAtMs !== undefined) return;
      this.#isSent = at + PIECE_BYTES >= bytes.length;
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
    this.receivedBytes += bytes.length;
    this.#parser.push(bytes);
    if (this.status !== undefined) this.headAtMs ??= this.elapsedMs;
    if (this.#parser.complete) this.#finish("complete");
    else if (this.receivedBytes > this.#maxBytes) this.#flooded();
    else this.#notify();
  }

  #flooded(): void {
    this.failure = `the suite stopped reading after ${this.#maxBytes / 1_048_576} MiB`;
    this.#finish("limit");
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
    // Without its whole body, the connection is of no use for another request.
    if (ending === "complete" && this.#kept && this.#isSent) this.#kept.release(this.#socket, this.#surplus);
    else this.#socket.destroy();
    this.#notify();
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The size of a piece. */
const PIECE_BYTES = 64 * 1024;

/** How long to wait for a refusal after the head, before a body of more than one piece is sent. */
const EARLY_ANSWER_MS = 1_000;

/** Codes of errors that mean that the connection could not be made. */
const NO_CONNECTION =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

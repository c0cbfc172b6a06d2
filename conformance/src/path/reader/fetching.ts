import { performance } from "node:perf_hooks";
import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Bytes of content and when they came, in milliseconds on the reader's clock. */
export interface TimedBytes {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** How an answer ended: whole, broken off, dropped by us, or without a connection. */
export type AnswerEnd = "complete" | "broken" | "dropped" | "no-connection";

/** What one request sends. */
export interface Ask {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What drives the request: HTTP/1.1 or HTTP/2. */
export interface Wire {
  pause(): void;
  resume(): void;
  drop(): void;
}

/** One request and what came back so far. All times are `performance.now()` of the reader. */
export class Fetching {
  readonly startedMs: number = performance.now();
  status: number | undefined;
  headers: readonly (readonly [string, string])[] = [];
  /** Interim statuses, such as 103. */
  readonly interim: number[] = [];
  trailers: readonly (readonly [string, string])[] = [];
  /** The content, decoded. */
  readonly chunks: TimedBytes[] = [];
  /** Bytes of the body as they came, before decoding. */
  rawBytes = 0;
  headMs: number | undefined;
  endMs: number | undefined;
  ending: AnswerEnd | undefined;
  failure: string | undefined;
  /** The connection had been used before. */
  reused = false;
  wire: Wire | undefined;
  readonly #watchers = new Set<() => void>();
  #decoder: Transform | undefined;

  /** A header field's value; repeated fields are joined. */
  header(name: string): string | undefined {
    const values = this.headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
    return values.length > 0 ? values.join(", ") : undefined;
  }

  get content(): Buffer {
    return Buffer.concat(this.chunks.map(({ bytes }) => bytes));
  }

  /** The number of bytes of content so far. */
  get contentBytes(): number {
    return this.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  takeHead(status: number, headers: readonly (readonly [string, string])[]): void {
    this.status = status;
    this.headers = headers;
    this.headMs = performance.now();
    this.#decoder = decoderFor(this.header("content-encoding"));
    this.#decoder?.on("data", (bytes: Uint8Array) => {
      this.chunks.push({ atMs: performance.now(), bytes });
      this.changed();
    });
    this.#decoder?.on("error", (error) => {
      this.failure ??= `the content coding is broken: ${error.message}`;
      this.finish("broken");
    });
    this.changed();
  }

  takeBody(bytes: Uint8Array): void {
    this.rawBytes += bytes.length;
    if (this.#decoder) this.#decoder.write(bytes);
    else this.chunks.push({ atMs: performance.now(), bytes });
    this.changed();
  }

  /** The answer is over. A decoder first hands out what it still has. */
  finish(ending: AnswerEnd): void {
    if (this.ending !== undefined || this.endMs !== undefined) return;
    this.endMs = performance.now();
    const settle = (): void => {
      this.ending ??= ending;
      this.changed();
    };
    if (this.#decoder && ending === "complete" && this.rawBytes > 0) this.#decoder.once("end", settle).end();
    else settle();
  }

  drop(): void {
    this.finish("dropped");
    this.wire?.drop();
  }

  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Wait until `condition` holds, the answer is over, or `limitMs` have passed. Resolves to the condition. */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    if (condition()) return true;
    if (this.ending !== undefined) return false;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition() && this.ending === undefined) return;
        settle();
      };
      const settle = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      const timer = setTimeout(settle, limitMs);
      this.#watchers.add(look);
    });
    return condition();
  }

  /** Wait for the whole answer; after `limitMs`, drop it. */
  async done(limitMs: number): Promise<this> {
    if (!(await this.until(() => this.ending !== undefined, limitMs))) this.drop();
    return this;
  }
}

function decoderFor(coding: string | undefined): Transform | undefined {
  if (coding === "gzip" || coding === "x-gzip") return createGunzip();
  if (coding === "deflate") return createInflate();
  if (coding === "br") return createBrotliDecompress();
  return undefined;
}

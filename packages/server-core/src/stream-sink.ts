import { Buffer } from "node:buffer";
import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Frame } from "./frame.ts";

/** Who writes into a sink, and is told what becomes of it. */
export interface StreamWriter {
  /** The connection has taken all that waited: there may be more. */
  drained(): void;
  /** The exchange is over, by the client, by {@link StreamSink.end} or by a time limit; called once, and last. */
  gone(): void;
}

/** The open answer of one stream. Each write is a whole number of blocks, so that it can end after any of them. */
export interface StreamSink {
  /** Say who writes. It is told at once if the exchange is over already. */
  open(writer: StreamWriter): void;
  /** Hand the first blocks to the connection, together with the head of the answer; as {@link write}. */
  begin(blocks: string): boolean;
  /**
   * Hand a frame to the connection. False if bytes wait then: nothing more is to be written until `drained`, so that
   * no more than one frame, and what was within the connection's own bound before it, is queued for a reader.
   */
  write(frame: Frame): boolean;
  /** End the answer after what was written. */
  end(): void;
  /** End it because of a failure that the client is not to be told of, but the server's owner. */
  fail(error: unknown): void;
}

/** How a stream's bytes go to its connection. */
export interface SinkOptions {
  /** How long a reader may take none of the bytes that wait for it, in milliseconds; each {@link SLICE_BYTES} count. */
  readonly drainTimeoutMs: number;
  /** Told of failures that no request waits for. */
  readonly onError: (error: unknown) => void;
  /** Never go past the response, also where it would be right. @defaultValue false */
  readonly plain?: boolean;
  /** Nobody looks at the request or at the head of the answer any more, once it has left. @defaultValue false */
  readonly unobserved?: boolean;
}

/**
 * A connection gets no more than this at once: Node tells when a whole write was taken, and nothing of its parts, so
 * that a slow reader of one large message would look like a reader that has stopped.
 */
const SLICE_BYTES = 64 * 1_024;

/** In UTF-8, of one unit of a string. */
const MAX_BYTES_OF_A_CHARACTER = 3;

/**
 * A stream as the answer of `node:http`.
 *
 * Where nothing else shapes the body (HTTP/1.1, chunked, no content coding, a response that nobody wrapped), frames go
 * to the connection as chunks that all readers share; everywhere else through the response.
 */
export class ResponseSink implements StreamSink {
  readonly #res: ServerResponse;
  readonly #options: SinkOptions;
  #writer: StreamWriter | undefined;
  /** Where chunks go directly; null once it is known that they must not. */
  #socket: Socket | null | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The rest of a frame that is too large for one write. */
  #rest: Buffer | undefined;
  /** The answer is to end after {@link #rest}. */
  #ending = false;
  /** The time was over, and nothing has been taken since. */
  #late = false;

  constructor(res: ServerResponse, options: SinkOptions) {
    this.#res = res;
    this.#options = options;
  }

  open(writer: StreamWriter): void {
    this.#writer = writer;
    if (this.#res.destroyed) this.#gone();
    else this.#res.once("close", () => this.#gone());
  }

  begin(blocks: string): boolean {
    const res = this.#res;
    // A string leaves in one piece with the head.
    let first: string | Buffer = blocks;
    if (blocks.length > SLICE_BYTES / MAX_BYTES_OF_A_CHARACTER) {
      const bytes = Buffer.from(blocks);
      first = bytes.subarray(0, SLICE_BYTES);
      if (bytes.length > SLICE_BYTES) this.#rest = bytes.subarray(SLICE_BYTES);
    }
    const taken = this.#options.unobserved ? res.write(first, () => forgetHead(res)) : res.write(first);
    return this.#goOn(res, taken);
  }

  write({ bytes, chunk }: Frame): boolean {
    const target = this.#direct();
    const all = target ? chunk : bytes;
    if (all.length > SLICE_BYTES) {
      this.#rest = all;
      return this.#goOn(target ?? this.#res, true);
    }
    return this.#goOn(target ?? this.#res, target ? target.write(chunk) : this.#res.write(bytes));
  }

  end(): void {
    if (this.#rest) this.#ending = true;
    else if (!this.#res.destroyed) this.#res.end();
  }

  fail(error: unknown): void {
    this.#options.onError(error);
    this.end();
  }

  /** The connection, once the head and the first frame have left through the response. */
  #direct(): Socket | null {
    if (this.#socket !== undefined) return this.#socket;
    const res = this.#res;
    if (res.writableLength > 0) return null;
    this.#socket = !this.#options.plain && isBare(res) ? res.socket : null;
    return this.#socket;
  }

  /** Write what is left, as long as it is taken; false if bytes wait. */
  #goOn(target: Socket | ServerResponse, taken: boolean): boolean {
    let goes = taken || target.writableLength === 0;
    while (goes && this.#rest) {
      const slice = this.#rest.subarray(0, SLICE_BYTES);
      this.#rest = slice.length < this.#rest.length ? this.#rest.subarray(SLICE_BYTES) : undefined;
      goes = target.write(slice) || target.writableLength === 0;
    }
    if (!goes) this.#awaitDrain(target);
    return goes;
  }

  /** The time begins anew with each slice that was taken. */
  #awaitDrain(target: Socket | ServerResponse): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#timeOut(), this.#options.drainTimeoutMs);
    target.once("drain", () => this.#drained(target));
  }

  /** A process that stood still sees its timers first: what was taken meanwhile is seen in this turn. */
  #timeOut(): void {
    this.#late = true;
    setImmediate(() => {
      if (this.#late) this.#res.destroy();
    });
  }

  #drained(target: Socket | ServerResponse): void {
    this.#late = false;
    if (!this.#goOn(target, true)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ending) this.end();
    else this.#writer?.drained();
  }

  #gone(): void {
    clearTimeout(this.#timer);
    this.#rest = undefined;
    this.#writer?.gone();
    this.#writer = undefined;
  }
}

/**
 * Let go of what an open stream keeps of its head: the fields of the request, and the text of those of the answer,
 * which is of no use once it was sent, but to tell that it was. It is more than all the rest that we keep of a stream.
 */
function forgetHead(res: ServerResponse & { _header?: unknown }): void {
  res.req.headers = {};
  res.req.rawHeaders = [];
  if (typeof res._header === "string" && res.headersSent) res._header = "sent";
}

/** Whether what is written to the connection as chunks is what the client would get through the response. */
function isBare(res: ServerResponse): boolean {
  return (
    res instanceof ServerResponse &&
    res.chunkedEncoding &&
    res.req.httpVersion === "1.1" &&
    !res.hasHeader("Content-Encoding") &&
    res.write === ServerResponse.prototype.write &&
    res.socket !== null
  );
}

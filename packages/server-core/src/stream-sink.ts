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
  /** How long a reader may take none of the bytes that wait for it, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** Told of failures that no request waits for. */
  readonly onError: (error: unknown) => void;
  /** Never go past the response, also where it would be right. @defaultValue false */
  readonly plain?: boolean;
  /** Nobody looks at the request or at the head of the answer any more, once it has left. @defaultValue false */
  readonly unobserved?: boolean;
}

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
    const taken = this.#options.unobserved ? res.write(blocks, () => forgetHead(res)) : res.write(blocks);
    if (taken || res.writableLength === 0) return true;
    this.#awaitDrain(this.#res);
    return false;
  }

  write({ bytes, chunk }: Frame): boolean {
    const target = this.#direct();
    const taken = target ? target.write(chunk) : this.#res.write(bytes);
    if (taken || (target ?? this.#res).writableLength === 0) return true;
    this.#awaitDrain(target ?? this.#res);
    return false;
  }

  end(): void {
    if (!this.#res.destroyed) this.#res.end();
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

  #awaitDrain(target: Socket | ServerResponse): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => this.#res.destroy(), this.#options.drainTimeoutMs);
    target.once("drain", () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#writer?.drained();
    });
  }

  #gone(): void {
    clearTimeout(this.#timer);
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

import { Buffer } from "node:buffer";
import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Frame } from "./frame.ts";
import { InterferenceError } from "./interference.ts";
import { forgetHead, isBare, isUnwrapped } from "./unwrapped.ts";

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
  readonly #isWrapped: boolean;
  #writer: StreamWriter | undefined;
  /** Where chunks go directly; null once it is known that they must not. */
  #socket: Socket | null | undefined;
  /** Set while the writer waits for a drain. */
  #timer: NodeJS.Timeout | undefined;
  /** A wrapped response already has our listener. */
  #listens = false;
  /** The rest of a frame that is too large for one write. */
  #rest: Buffer | undefined;
  /** The writer has ended the answer: it ends after {@link #rest}. */
  #ending = false;
  /** The time was over, and nothing has been taken since. */
  #late = false;

  constructor(res: ServerResponse, options: SinkOptions) {
    this.#res = res;
    this.#options = options;
    this.#isWrapped = res instanceof ServerResponse && !isUnwrapped(res);
  }

  open(writer: StreamWriter): void {
    this.#writer = writer;
    const res = this.#res;
    if (res.destroyed || res.writableEnded) this.#gone();
    else res.on("close", () => this.#gone());
  }

  begin(blocks: string): boolean {
    const res = this.#res;
    if (this.#isTaken()) return true;
    // A string leaves in one piece with the head.
    let first: string | Buffer = blocks;
    if (blocks.length > SLICE_BYTES / MAX_BYTES_OF_A_CHARACTER) {
      const bytes = Buffer.from(blocks);
      first = bytes.subarray(0, SLICE_BYTES);
      if (bytes.length > SLICE_BYTES) this.#rest = bytes.subarray(SLICE_BYTES);
    }
    try {
      const taken = this.#options.unobserved ? res.write(first, () => forgetHead(res)) : res.write(first);
      return this.#goOn(res, taken);
    } catch (error) {
      return this.#broken(error);
    }
  }

  write(frame: Frame): boolean {
    if (this.#isTaken()) return true;
    try {
      return this.#write(frame);
    } catch (error) {
      return this.#broken(error);
    }
  }

  end(): void {
    const res = this.#res;
    this.#ending = true;
    if (!this.#rest && !res.destroyed && !res.writableEnded)
      try {
        res.end();
      } catch (error) {
        this.#broken(error);
      }
  }

  fail(error: unknown): void {
    this.#options.onError(error);
    this.end();
  }

  #write({ bytes, chunk }: Frame): boolean {
    const target = this.#direct();
    const all = target ? chunk : bytes;
    if (all.length > SLICE_BYTES) {
      this.#rest = all;
      return this.#goOn(target ?? this.#res, true);
    }
    return this.#goOn(target ?? this.#res, target ? target.write(chunk) : this.#res.write(bytes));
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
    let goes = this.#isFree(target, taken);
    while (goes && this.#rest) {
      const slice = this.#rest.subarray(0, SLICE_BYTES);
      this.#rest = slice.length < this.#rest.length ? this.#rest.subarray(SLICE_BYTES) : undefined;
      goes = this.#isFree(target, target.write(slice));
    }
    if (!goes) this.#awaitDrain(target);
    return goes;
  }

  /** Whether more can be written. What a wrapper holds back, it is told to let go of; only it knows how much waits. */
  #isFree(target: Socket | ServerResponse, taken: boolean): boolean {
    if (!this.#isWrapped) return taken || target.writableLength === 0;
    if ("flush" in target && typeof target.flush === "function") target.flush();
    return taken !== false;
  }

  /** The time begins anew with each slice that was taken. */
  #awaitDrain(target: Socket | ServerResponse): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#timeOut(), this.#options.drainTimeoutMs);
    // A wrapper that passes listeners on to a stream of its own cannot remove those of `once`.
    if (!this.#isWrapped) target.once("drain", () => this.#drained(target));
    else if (!this.#listens) target.on("drain", () => this.#drained(target));
    this.#listens = true;
  }

  /** A process that stood still sees its timers first: what was taken meanwhile is seen in this turn. */
  #timeOut(): void {
    this.#late = true;
    setImmediate(() => {
      if (!this.#late) return;
      this.#res.destroy();
      this.#gone(); // other code may have removed our listeners
    });
  }

  #drained(target: Socket | ServerResponse): void {
    this.#late = false;
    if (this.#timer === undefined || this.#isTaken()) return;
    try {
      if (!this.#goOn(target, true)) return;
    } catch (error) {
      this.#broken(error);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ending) this.end();
    else this.#writer?.drained();
  }

  /** Whether the exchange is over, although nobody said so: other code ended the response, or removed our listeners. */
  #isTaken(): boolean {
    const res = this.#res;
    if (!res.destroyed && !res.writableEnded) return false;
    if (!res.destroyed && !this.#ending) this.#broken(undefined);
    this.#gone();
    return true;
  }

  /** Other code made it impossible to go on. The client sees a cut connection and comes back. Answers true: nothing waits. */
  #broken(cause: unknown): true {
    const isEnded = this.#res.writableEnded && this.#rest === undefined;
    if (this.#writer)
      this.#options.onError(
        new InterferenceError("response-broken", "Other code ended or broke the response of an open stream", {
          cause,
        }),
      );
    this.#gone();
    if (!isEnded) this.#res.destroy();
    return true;
  }

  #gone(): void {
    clearTimeout(this.#timer);
    this.#rest = undefined;
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.gone();
  }
}

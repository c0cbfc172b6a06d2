import { Buffer } from "node:buffer";
import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Frame } from "../answer/frame.ts";
import { InterferenceError } from "../answer/interference.ts";
import type { StreamSink, StreamWriter } from "../answer/stream-sink.ts";
import { isDestroyed } from "./is-destroyed.ts";
import { forgetHead, isBare, isUnwrapped } from "./unwrapped.ts";

/** How a stream's bytes are written to its connection. */
export interface SinkOptions {
  /** How long a reader may take no bytes, in milliseconds. Progress is seen in steps of {@link SLICE_BYTES}. */
  readonly drainTimeoutMs: number;
  /** Called with failures that no request waits for. */
  readonly onError: (error: unknown) => void;
  /** Always write through the response, never straight to the connection. @defaultValue false */
  readonly plain?: boolean;
  /** Nothing reads the request or the head of the answer once the head was sent. @defaultValue false */
  readonly unobserved?: boolean;
}

/**
 * The largest single write. Node reports only when a whole write was taken, so with one large write a slow reader would
 * look like a reader that has stopped.
 */
const SLICE_BYTES = 64 * 1_024;

/** The most UTF-8 bytes for one UTF-16 code unit. */
const MAX_BYTES_OF_A_CHARACTER = 3;

/**
 * A stream as an answer of `node:http`.
 *
 * If nothing else changes the body (HTTP/1.1, chunked, no content coding, an unwrapped response), frames are written to
 * the connection as chunks that all readers share. Otherwise they are written through the response.
 */
export class ResponseSink implements StreamSink {
  readonly #res: ServerResponse;
  readonly #options: SinkOptions;
  readonly #isWrapped: boolean;
  #writer: StreamWriter | undefined;
  /** The connection, if chunks may be written to it directly; null if not; undefined if that is not known yet. */
  #socket: Socket | null | undefined;
  /** Set while the writer waits for a drain. */
  #timer: NodeJS.Timeout | undefined;
  /** Whether a wrapped response has our `drain` listener. */
  #listens = false;
  /** The rest of a frame that is too large for one write. */
  #rest: Buffer | undefined;
  /** The writer has ended the answer, which ends after {@link #rest}. */
  #ending = false;
  /** The answer ends with a cut. */
  #cutting = false;
  /** The drain timer has fired, and no bytes have been taken since. */
  #late = false;

  constructor(res: ServerResponse, options: SinkOptions) {
    this.#res = res;
    this.#options = options;
    this.#isWrapped = res instanceof ServerResponse && !isUnwrapped(res);
  }

  open(writer: StreamWriter): void {
    this.#writer = writer;
    const res = this.#res;
    if (isDestroyed(res) || res.writableEnded) this.#gone();
    else res.on("close", () => this.#gone());
  }

  begin(blocks: string | Uint8Array): boolean {
    const res = this.#res;
    if (this.#isTaken()) return true;
    // A string is sent in one piece with the head.
    let first: string | Uint8Array = blocks;
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
    if (!this.#rest && !isDestroyed(res) && !res.writableEnded)
      try {
        res.end();
      } catch (error) {
        this.#broken(error);
      }
  }

  cut(): void {
    const res = this.#res;
    this.#ending = true;
    this.#cutting = true;
    if (this.#rest || res.destroyed || res.writableEnded) return;
    // The bytes that were written still go out; the last chunk, which would make the answer whole, does not.
    if (res.socket) res.socket.destroySoon();
    else res.destroy();
  }

  report(error: unknown): void {
    this.#options.onError(error);
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

  /** The connection, once the response has sent the head and the first frame. */
  #direct(): Socket | null {
    if (this.#socket !== undefined) return this.#socket;
    const res = this.#res;
    if (res.writableLength > 0) return null;
    this.#socket = !this.#options.plain && isBare(res) ? res.socket : null;
    return this.#socket;
  }

  /** Write the rest while the target accepts it. False if bytes are waiting. */
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

  /** Whether more can be written. A wrapper is flushed; only it knows how many bytes are waiting. */
  #isFree(target: Socket | ServerResponse, taken: boolean): boolean {
    if (!this.#isWrapped) return taken || target.writableLength === 0;
    if ("flush" in target && typeof target.flush === "function") target.flush();
    return taken !== false;
  }

  /** Start the drain timer; each slice that was taken restarts it. */
  #awaitDrain(target: Socket | ServerResponse): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#timeOut(), this.#options.drainTimeoutMs);
    // A wrapper that forwards listeners to its own stream cannot remove listeners of `once`.
    if (!this.#isWrapped) target.once("drain", () => this.#drained(target));
    else if (!this.#listens) target.on("drain", () => this.#drained(target));
    this.#listens = true;
  }

  /** After a pause of the process, timers run before I/O: wait one turn to see bytes that were taken meanwhile. */
  #timeOut(): void {
    this.#late = true;
    setImmediate(() => {
      if (!this.#late) return;
      this.#gone("slow"); // before the cut, which says nothing about its reason
      this.#res.destroy();
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
    if (this.#cutting) this.cut();
    else if (this.#ending) this.end();
    else this.#writer?.drained();
  }

  /** Whether the exchange is over without a notification: other code ended the response, or removed our listeners. */
  #isTaken(): boolean {
    const res = this.#res;
    if (!isDestroyed(res) && !res.writableEnded) return false;
    if (!isDestroyed(res) && !this.#ending) this.#broken(undefined);
    this.#gone();
    return true;
  }

  /** Other code broke the response: cut the connection, so that the client reconnects. Returns true: no bytes wait. */
  #broken(cause: unknown): true {
    const isEnded = this.#res.writableEnded && this.#rest === undefined;
    if (this.#writer)
      this.#options.onError(
        new InterferenceError("response-broken", "Other code ended or broke the response of an open stream", {
          cause,
        }),
      );
    this.#gone("broken");
    if (!isEnded) this.#res.destroy();
    return true;
  }

  #gone(why?: "slow" | "broken"): void {
    clearTimeout(this.#timer);
    this.#rest = undefined;
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.gone(why);
  }
}

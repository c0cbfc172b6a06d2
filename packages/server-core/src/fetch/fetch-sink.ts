import { Buffer } from "node:buffer";
import type { Frame } from "../answer/frame.ts";
import type { StreamSink, StreamWriter } from "../answer/stream-sink.ts";
import type { StreamSettings } from "../channel-server.ts";
import type { FetchRequest } from "./fetch-request.ts";

/** The largest chunk, so that a slow reader of a large frame is seen to make progress. */
const SLICE_BYTES = 64 * 1_024;

/**
 * A stream as a web `ReadableStream`. It has no buffer of its own: bytes are passed on while the platform waits for
 * them. Otherwise at most one frame waits, and the writer pauses until the platform asks for more.
 */
export class FetchSink implements StreamSink {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #request: FetchRequest;
  readonly #settings: StreamSettings;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #writer: StreamWriter | undefined;
  /** The platform waits for bytes. */
  #wanted = false;
  /** The rest of a frame that is too large for one chunk. */
  #rest: Uint8Array | undefined;
  /** The writer has ended the answer, which ends after {@link #rest}. */
  #ending = false;
  /** The answer ends with an error, once the platform has taken everything before it. */
  #cutting = false;
  /** Set while the writer waits for the platform. */
  #timer: NodeJS.Timeout | undefined;

  constructor(request: FetchRequest, settings: StreamSettings) {
    this.#request = request;
    this.#settings = settings;
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      this.#controller = controller;
    };
    const pull = (): void => this.#pull();
    const cancel = (): void => {
      this.#controller = undefined;
      request.end();
    };
    this.stream = new ReadableStream({ start, pull, cancel }, { highWaterMark: 0 });
  }

  open(writer: StreamWriter): void {
    this.#writer = writer;
    if (this.#request.isOver) this.#gone();
    else this.#request.whenOver(() => this.#gone());
  }

  begin(blocks: string | Uint8Array): boolean {
    return this.#send(typeof blocks === "string" ? Buffer.from(blocks) : blocks);
  }

  write({ bytes }: Frame): boolean {
    return this.#send(bytes);
  }

  end(): void {
    this.#ending = true;
    if (this.#rest === undefined) this.#close();
  }

  cut(): void {
    this.#cutting = true;
    this.#ending = true;
    if (this.#wanted && this.#rest === undefined) this.#close();
    else this.#awaitReader();
  }

  report(error: unknown): void {
    this.#settings.onError(error);
  }

  /** False if bytes are waiting. */
  #send(bytes: Uint8Array): boolean {
    if (this.#controller === undefined) return true;
    const isWhole = bytes.length <= SLICE_BYTES;
    this.#rest = isWhole ? undefined : bytes.subarray(SLICE_BYTES);
    const taken = this.#wanted && isWhole;
    this.#wanted = false;
    this.#controller.enqueue(isWhole ? bytes : bytes.subarray(0, SLICE_BYTES));
    if (!taken) this.#awaitReader();
    return taken;
  }

  /** The platform has taken all bytes, and waits for more. */
  #pull(): void {
    this.#wanted = true;
    const rest = this.#rest;
    if (rest !== undefined) {
      this.#send(rest);
      if (this.#rest === undefined && this.#ending && !this.#cutting) this.#close();
      return;
    }
    if (this.#cutting) this.#close();
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writer?.drained();
  }

  /** Start the drain timer; each chunk that was taken restarts it. */
  #awaitReader(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#timeOut(), this.#settings.drainTimeoutMs);
  }

  /** After a pause of the process, timers run before I/O: wait one turn to see a reader that asks meanwhile. */
  #timeOut(): void {
    const late = this.#timer;
    setImmediate(() => {
      if (late === undefined || this.#timer !== late || this.#wanted) return;
      const why = `The reader of this stream has taken no bytes for ${this.#settings.drainTimeoutMs} ms`;
      this.#controller?.error(new Error(why));
      this.#controller = undefined;
      this.#gone("slow");
      this.#request.end();
    });
  }

  #close(): void {
    const controller = this.#controller;
    this.#controller = undefined;
    if (this.#cutting) controller?.error(new Error("The stream was cut, because it cannot be completed"));
    else controller?.close();
    this.#request.end();
  }

  /** The exchange is over: closed, cut, cancelled by the platform, or aborted because the client has disconnected. */
  #gone(why?: "slow"): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rest = undefined;
    this.#controller?.close(); // the signal was aborted, but the platform may still read
    this.#controller = undefined;
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.gone(why);
  }
}

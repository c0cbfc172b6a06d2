import type { EventStreamSink } from "./event-stream-sink.ts";
import { createUtf8Decoder } from "./utf8.ts";

/** Reads an event stream that arrives in chunks of any size. */
export interface EventStreamDecoder {
  /**
   * Hand what the chunk completes to the sink. An event that the stream's end leaves unfinished is never handed on, nor
   * is its id. Throws what the sink throws, and a RangeError when an event is larger than the bound and the sink has no
   * `tooLarge`, or 64 MiB larger; everything before has been handed on by then, and the decoder is of
   * no more use.
   */
  push(chunk: Uint8Array): void;
  /**
   * How much of an event with data has arrived that has not ended yet, in UTF-16 units; comments and blocks without data
   * do not count. While it grows, the sender is at work.
   */
  readonly pending: number;
}

/** Settings of a decoder. */
export interface EventStreamDecoderOptions {
  /**
   * The largest event, with its field names; counted in UTF-16 units, so that text beyond ASCII may have up to three
   * times as many bytes. @defaultValue 16 MiB
   */
  readonly maxEventBytes?: number;
}

const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** An event that is larger than the bound by so much, in UTF-16 units, is not even read to its end. */
const MAX_EXCESS = 64 * 1024 * 1024;

/** So much of a line is kept of an event that is too large: enough for its id. */
const KEPT_LENGTH = 2_048;

/** A decoder at the beginning of a stream, after WHATWG HTML, 9.2.6. Spec: sse. */
export function createEventStreamDecoder(
  sink: EventStreamSink,
  { maxEventBytes = DEFAULT_MAX_EVENT_BYTES }: EventStreamDecoderOptions = {},
): EventStreamDecoder {
  const decode = createUtf8Decoder();
  const lines = new LineReader(sink, maxEventBytes);
  return {
    push: (chunk) => lines.push(decode(chunk)),
    get pending() {
      return lines.pending;
    },
  };
}

/** Finds the lines of a text that arrives in chunks, and puts the events together. Pages load it: it is kept short. */
class LineReader {
  readonly #sink: EventStreamSink;
  readonly #maxLength: number;
  /** The beginning of a line whose end has not arrived. */
  #rest = "";
  /** The first five characters of it. To look at the rest itself would make one flat copy of a long line for each chunk. */
  #start = "";
  /** The last chunk ended with a CR, whose line is done; an LF that follows is the other half of it. */
  #endedWithCR = false;
  #event = "";
  #data: string | undefined;
  #id = "";
  #hasId = false;
  /** The length of the lines of this block so far, comments left out, since those are not kept. */
  #length = 0;
  /** The block is larger than the bound: of what follows in it, only the id is kept. */
  #isTooLarge = false;

  constructor(sink: EventStreamSink, maxLength: number) {
    this.#sink = sink;
    this.#maxLength = maxLength;
  }

  get pending(): number {
    if (this.#data === undefined && this.#start !== "data:") return 0;
    return this.#length + (this.#start[0] === ":" ? 0 : this.#rest.length);
  }

  push(chunk: string): void {
    if (chunk === "") return;
    let text = this.#endedWithCR && chunk.startsWith("\n") ? chunk.slice(1) : chunk;
    this.#endedWithCR = chunk.endsWith("\r");
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    // Only new text is searched and the rest is but appended to: a long line costs no more in small chunks.
    let at = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", at)) {
      const line = this.#rest + text.slice(at, end);
      this.#rest = "";
      this.#start = "";
      at = end + 1;
      this.#take(line);
    }
    this.#rest += text.slice(at);
    if (!this.#start[4]) this.#start = this.#rest.slice(0, 5);
    this.#expect(this.#rest);
    if (!this.#isTooLarge || this.#rest.length <= KEPT_LENGTH) return;
    this.#length += this.#rest.length - KEPT_LENGTH;
    this.#rest = this.#rest.slice(0, KEPT_LENGTH);
  }

  /** A line, or as much of it as has arrived, is going on. Throws a RangeError if the block is too large with it. */
  #expect(line: string): void {
    const length = this.#length + line.length;
    if (length <= this.#maxLength) return;
    if (!this.#sink.tooLarge || length > this.#maxLength + MAX_EXCESS)
      throw new RangeError(`an event larger than ${this.#maxLength} bytes`);
    this.#isTooLarge = true;
    this.#data = "";
  }

  #take(line: string): void {
    this.#expect(line);
    if (line === "") {
      this.#dispatch();
      return;
    }
    let colon = line.indexOf(":");
    if (colon < 0) colon = line.length;
    const value = line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (colon === 0) {
      this.#sink.comment?.(value);
    } else {
      this.#length += line.length;
      this.#field(line.slice(0, colon), value);
    }
  }

  #field(name: string, value: string): void {
    if (name === "data") {
      if (!this.#isTooLarge) this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (name === "event") {
      this.#event = value;
    } else if (name === "id" && !value.includes("\0")) {
      this.#id = value;
      this.#hasId = true;
    } else if (name === "retry" && /^\d+$/.test(value)) {
      this.#sink.retry?.(Number(value));
    }
  }

  #dispatch(): void {
    if (this.#isTooLarge) this.#sink.tooLarge?.(this.#length, this.#id);
    else if (this.#data !== undefined) this.#sink.event(this.#event || "message", this.#data, this.#id);
    else if (this.#hasId) this.#sink.bookmark?.(this.#id);
    this.#event = "";
    this.#data = undefined;
    this.#hasId = false;
    this.#length = 0;
    this.#isTooLarge = false;
  }
}

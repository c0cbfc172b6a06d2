import { createUtf8Decoder } from "./utf8.ts";

/** Receives the content of a stream, in order. */
export interface EventStreamSink {
  /**
   * An event. `event` is `message` if the stream names none; the lines of `data` are joined by LF; `id` is
   * the current last event id, which an earlier event may have set, or empty if none was set.
   */
  event(event: string, data: string, id: string): void;
  /** A block with an id but no data: it dispatches no event, but moves the resume point. */
  bookmark?(id: string): void;
  retry?(retryMs: number): void;
  comment?(text: string): void;
  /**
   * An event above the bound has ended; only its `id` was kept. `length` is the length of its lines, in
   * UTF-16 units. Without this method, the decoder throws as soon as an event exceeds the bound.
   */
  tooLarge?(length: number, id: string): void;
}

/** Decodes an event stream that arrives in chunks of any size. */
export interface EventStreamDecoder {
  /**
   * Decode a chunk, and call the sink for everything it completes. An event that is still incomplete when the
   * stream ends is dropped, with its id. Throws what the sink throws; throws a RangeError if an event exceeds
   * the bound and the sink has no `tooLarge`, or if it exceeds the bound by 64 MiB. By then the sink has
   * received everything before it, and the decoder cannot be used any more.
   */
  push(chunk: Uint8Array): void;
  /**
   * How much of an incomplete event with data has arrived, in UTF-16 units; comments and blocks without data
   * do not count. While it grows, the sender is alive.
   */
  readonly pending: number;
}

/** Settings of a decoder. */
export interface EventStreamDecoderOptions {
  /**
   * The largest event, including its field names, in UTF-16 units; text beyond ASCII may have up to three
   * times as many bytes. @defaultValue 16 MiB
   */
  readonly maxEventBytes?: number;
  /** The last event id of the stream that this one continues: the id of events until the stream sets one. @defaultValue "" */
  readonly lastEventId?: string;
}

const DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** By how much an event may exceed the bound before the decoder throws, in UTF-16 units. */
const MAX_EXCESS = 64 * 1024 * 1024;

/** How much of a line to keep in an event that is too large: enough for its id. */
const KEPT_LENGTH = 2_048;

/** Create a decoder for a new stream, following WHATWG HTML, 9.2.6. Spec: sse. */
export function createEventStreamDecoder(
  sink: EventStreamSink,
  { maxEventBytes = DEFAULT_MAX_EVENT_BYTES, lastEventId = "" }: EventStreamDecoderOptions = {},
): EventStreamDecoder {
  const decode = createUtf8Decoder();
  const lines = new LineReader(sink, maxEventBytes, lastEventId);
  return {
    push: (chunk) => lines.push(decode(chunk)),
    get pending() {
      return lines.pending;
    },
  };
}

/** Splits chunked text into lines, and assembles events. Web pages load this class, so keep it short. */
class LineReader {
  readonly #sink: EventStreamSink;
  readonly #maxLength: number;
  /** The beginning of an incomplete line. */
  #rest = "";
  /** The first five characters of `#rest`; reading `#rest` itself would make a flat copy of it at every chunk. */
  #start = "";
  /** The last chunk ended with a CR, which ended a line; an LF that follows belongs to it. */
  #endedWithCR = false;
  #event = "";
  #data: string | undefined;
  #id: string;
  #hasId = false;
  /** The length of this block's lines so far, without comments, which are not kept. */
  #length = 0;
  /** The block exceeds the bound: of the rest, only the id is kept. */
  #isTooLarge = false;

  constructor(sink: EventStreamSink, maxLength: number, id: string) {
    this.#sink = sink;
    this.#maxLength = maxLength;
    this.#id = id;
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
    // Only new text is searched, so a long line in small chunks costs no more than in large ones.
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

  /** Apply the bound to the block with this line, which may be incomplete. May throw a RangeError. */
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

import { BlockReader, type EventStreamSink } from "./event-block.ts";
import { readUsualBlocks } from "./usual-blocks.ts";
import { createUtf8Decoder } from "./utf8.ts";

/** Reads an event stream that arrives in chunks of any size. */
export interface EventStreamDecoder {
  /**
   * Hand what the chunk completes to the sink. An event that the stream's end leaves unfinished is never handed on, nor
   * is its id. Throws a RangeError when an event is larger than the bound, and what the sink throws; everything before
   * has been handed on by then, and every later call throws the same.
   */
  push(chunk: Uint8Array): void;
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

/** A decoder at the beginning of a stream, after WHATWG HTML, 9.2.6. Spec: sse. */
export function createEventStreamDecoder(
  sink: EventStreamSink,
  options: EventStreamDecoderOptions = {},
): EventStreamDecoder {
  const { maxEventBytes = DEFAULT_MAX_EVENT_BYTES } = options;
  const decode = createUtf8Decoder();
  const lines = new LineReader(new BlockReader(sink, maxEventBytes));
  let failure: unknown;
  return {
    push(chunk) {
      if (failure !== undefined) throw failure;
      try {
        lines.push(decode(chunk));
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };
}

/** Finds the lines of a text that arrives in chunks. */
class LineReader {
  private readonly block: BlockReader;
  /** The beginning of a line whose end has not arrived. */
  private rest = "";
  /** The last chunk ended with a CR, whose line is done; an LF that follows is the other half of it. */
  private endedWithCR = false;

  constructor(block: BlockReader) {
    this.block = block;
  }

  push(text: string): void {
    if (text === "") return;
    const from = this.endedWithCR && text.startsWith("\n") ? 1 : 0;
    this.endedWithCR = false;
    const at = text.includes("\r", from) ? this.readAnyLines(text, from) : this.readLines(text, from);
    // Only new text is searched and the rest is but appended to: a long line costs no more in small chunks.
    if (at < text.length) this.rest += at === 0 ? text : text.slice(at);
    this.block.expect(this.rest.length);
  }

  /** The common case: every line ends with LF. Returns where the unfinished line begins. */
  private readLines(text: string, from: number): number {
    for (let at = from; ; ) {
      if (this.rest === "" && this.block.isBetweenBlocks) at = readUsualBlocks(text, at, this.block);
      const end = text.indexOf("\n", at);
      if (end === -1) return at;
      this.line(text, at, end);
      at = end + 1;
    }
  }

  /** Lines end with CR, LF or CRLF. */
  private readAnyLines(text: string, from: number): number {
    let at = from;
    let cr = text.indexOf("\r", at);
    let lf = text.indexOf("\n", at);
    while (cr !== -1 || lf !== -1) {
      const isCR = cr !== -1 && (lf === -1 || cr < lf);
      const end = isCR ? cr : lf;
      this.line(text, at, end);
      at = isCR && lf === cr + 1 ? end + 2 : end + 1;
      if (cr !== -1 && cr < at) cr = text.indexOf("\r", at);
      if (lf !== -1 && lf < at) lf = text.indexOf("\n", at);
    }
    this.endedWithCR = at === text.length && text.endsWith("\r");
    return at;
  }

  private line(text: string, from: number, end: number): void {
    if (this.rest === "") {
      this.block.line(text, from, end);
    } else {
      const line = this.rest + text.slice(from, end);
      this.rest = "";
      this.block.line(line, 0, line.length);
    }
  }
}

/** Takes what a stream holds, in its order. */
export interface EventStreamSink {
  /**
   * An event. `event` is `message` where the stream names none, the lines of `data` are joined by LF, and `id` is the
   * last event id in force, which an earlier event may have set; empty if none did.
   */
  event(event: string, data: string, id: string): void;
  /** A block with an id and no data: nothing is dispatched, and the resume point moves. */
  bookmark?(id: string): void;
  retry?(retryMs: number): void;
  comment?(text: string): void;
}

const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_D = 0x64;
const LETTER_E = 0x65;
const LETTER_I = 0x69;
const LETTER_R = 0x72;

/** Puts the lines of one block together, and dispatches it at the blank line that ends it. */
export class BlockReader {
  readonly sink: EventStreamSink;
  readonly maxLength: number;
  /** The last event id in force. */
  id = "";
  private event = "";
  private data: string | undefined;
  private hasId = false;
  /** The length of the lines of this block so far, comments left out, since those are not kept. */
  private length = 0;

  constructor(sink: EventStreamSink, maxLength: number) {
    this.sink = sink;
    this.maxLength = maxLength;
  }

  /** Whether no line of a block is waiting for the others; comments are no part of one. */
  get isBetweenBlocks(): boolean {
    return this.length === 0;
  }

  /** A line of which `length` has arrived is going on. Throws a RangeError if the block is too large with it. */
  expect(length: number): void {
    if (this.length + length > this.maxLength)
      throw new RangeError(`an event of the stream is larger than ${this.maxLength} bytes`);
  }

  /** One line, `text` from `from` up to `end`. */
  line(text: string, from: number, end: number): void {
    if (from === end) {
      this.dispatch();
      return;
    }
    this.expect(end - from);
    if (text.charCodeAt(from) === COLON) {
      this.sink.comment?.(valueAfter(text, from, end));
      return;
    }
    this.length += end - from;
    this.field(text, from, end);
  }

  private field(text: string, from: number, end: number): void {
    const first = text.charCodeAt(from);
    if (first === LETTER_D && isField("data", text, from, end)) {
      const value = valueAfter(text, from + 4, end);
      this.data = this.data === undefined ? value : `${this.data}\n${value}`;
    } else if (first === LETTER_I && isField("id", text, from, end)) {
      const value = valueAfter(text, from + 2, end);
      if (value.includes("\0")) return;
      this.id = value;
      this.hasId = true;
    } else if (first === LETTER_E && isField("event", text, from, end)) {
      this.event = valueAfter(text, from + 5, end);
    } else if (first === LETTER_R && isField("retry", text, from, end)) {
      this.retry(valueAfter(text, from + 5, end));
    }
  }

  private retry(value: string): void {
    if (/^[0-9]+$/.test(value)) this.sink.retry?.(Math.min(Number(value), Number.MAX_SAFE_INTEGER));
  }

  private dispatch(): void {
    const { event, data, id, hasId } = this;
    this.event = "";
    this.data = undefined;
    this.hasId = false;
    this.length = 0;
    if (data !== undefined) this.sink.event(event === "" ? "message" : event, data, id);
    else if (hasId) this.sink.bookmark?.(id);
  }
}

/** Whether the line's field has this name: all of it, or up to the first colon. */
function isField(name: string, text: string, from: number, end: number): boolean {
  const to = from + name.length;
  return text.startsWith(name, from) && (to === end || (to < end && text.charCodeAt(to) === COLON));
}

/** What stands after the colon at `colon`, without one leading space; empty where the line ends before. */
function valueAfter(text: string, colon: number, end: number): string {
  const at = text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1;
  return text.slice(at, end);
}

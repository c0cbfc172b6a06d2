/** An event of a stream. */
export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  /** Lines are joined by LF. */
  readonly data: string;
  /** The last event id in force, which an earlier event may have set; empty if none did. */
  readonly id: string;
}

/** What an event stream holds. */
export type StreamItem =
  | { readonly type: "event"; readonly event: StreamEvent }
  /** A block with an id and no data: nothing is dispatched, and the resume point moves. */
  | { readonly type: "bookmark"; readonly id: string }
  | { readonly type: "retry"; readonly retryMs: number }
  | { readonly type: "comment"; readonly text: string };

const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_D = 0x64;
const LETTER_E = 0x65;
const LETTER_I = 0x69;
const LETTER_R = 0x72;

/** Puts the lines of one block together, and dispatches it at the blank line that ends it. */
export class BlockReader {
  private readonly maxLength: number;
  private items: StreamItem[] = [];
  private event = "";
  private data: string | undefined;
  private id = "";
  private hasId = false;
  /** The length of the lines of this block so far, comments left out, since those are not kept. */
  private length = 0;
  private failure: RangeError | undefined;

  constructor(maxLength: number) {
    this.maxLength = maxLength;
  }

  /** What was found since the last call. A block that is too large is thrown when nothing before it is left to hand on. */
  take(): StreamItem[] {
    const { items } = this;
    if (this.failure !== undefined && items.length === 0) throw this.failure;
    if (items.length > 0) this.items = [];
    return items;
  }

  /** A line of which `length` has arrived is going on. */
  expect(length: number): void {
    if (this.length + length > this.maxLength)
      this.failure ??= new RangeError(`an event of the stream is larger than ${this.maxLength} bytes`);
  }

  /** One line, `text` from `from` up to `end`. */
  line(text: string, from: number, end: number): void {
    if (from === end) {
      this.dispatch();
      return;
    }
    this.expect(end - from);
    if (this.failure !== undefined) return;
    if (text.charCodeAt(from) === COLON) {
      this.items.push({ type: "comment", text: valueAfter(text, from, end) });
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
    if (!/^[0-9]+$/.test(value)) return;
    this.items.push({ type: "retry", retryMs: Math.min(Number(value), Number.MAX_SAFE_INTEGER) });
  }

  private dispatch(): void {
    if (this.failure !== undefined) return;
    const { event, data, id } = this;
    if (data !== undefined)
      this.items.push({ type: "event", event: { event: event === "" ? "message" : event, data, id } });
    else if (this.hasId) this.items.push({ type: "bookmark", id });
    this.event = "";
    this.data = undefined;
    this.hasId = false;
    this.length = 0;
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

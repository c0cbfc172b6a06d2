import { isUtf8 } from "node:buffer";
import { concat } from "./bytes.ts";

/** A field line of an event stream, its name and value as written. */
export interface FieldLine {
  readonly name: string;
  readonly value: string;
}

/** The lines of an event up to its blank line, and how a WHATWG reader interprets them. */
export interface Block {
  /** Field lines and comments in order; a comment has an empty name. */
  readonly lines: readonly FieldLine[];
  /** The event's name, if the block dispatches an event: it needs a `data` line for that. */
  readonly event: string | undefined;
  /** The data lines joined by LF, if there are any. */
  readonly data: string | undefined;
  /** The id that this block sets, if any; an id with NUL is ignored. */
  readonly id: string | undefined;
  /** The last event id after this block. */
  readonly lastId: string;
  readonly retryMs: number | undefined;
  /** Milliseconds after the start of the request when the block was complete. */
  readonly atMs: number;
}

/** A comment line, and when it came. */
export interface Comment {
  readonly text: string;
  /** Milliseconds after the start of the request. */
  readonly atMs: number;
}

/** Bytes that are not UTF-8: what came, where and when. */
export interface BadUtf8 {
  /** The line up to the bad bytes, which are shown as U+FFFD. */
  readonly line: string;
  readonly atMs: number;
}

/**
 * Reads `text/event-stream` in any fragmentation, in linear time. It keeps what the WHATWG rules drop, such as comments,
 * and reports bytes that are not UTF-8 instead of repairing them silently.
 */
export class EventStreamReader {
  readonly blocks: Block[] = [];
  /** Every comment line, wherever it is. */
  readonly comments: Comment[] = [];
  /** Lines with bytes that are not UTF-8; the first {@link MAX_BAD_LINES} of them. */
  readonly badUtf8: BadUtf8[] = [];
  /** The number of comments outside of blocks: a blank line follows them before any field. */
  commentsAlone = 0;
  /** Whether the stream begins with a byte order mark. */
  hasBom = false;
  readonly #pieces: Uint8Array[] = [];
  #isFirst = true;
  #skipLf = false;
  #lines: FieldLine[] = [];
  #lastId = "";

  push(bytes: Uint8Array, atMs: number): void {
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === LF && this.#skipLf) {
        this.#skipLf = false;
        start = at + 1;
      } else {
        this.#skipLf = byte === CR;
        if (byte !== LF && byte !== CR) {
          at = nextBreak(bytes, at) - 1; // the loop adds 1
          continue;
        }
        this.#pieces.push(bytes.subarray(start, at));
        start = at + 1;
        this.#takeLine(this.#decode(atMs), atMs);
      }
    }
    if (start < bytes.length) this.#pieces.push(bytes.subarray(start));
  }

  /** Lines after the last blank line, of an unfinished event. */
  get unfinished(): readonly FieldLine[] {
    const rest = stripBom(UTF8.decode(concat(this.#pieces)), this.#isFirst);
    return rest === "" ? this.#lines : [...this.#lines, parseLine(rest)];
  }

  #decode(atMs: number): string {
    const [only = NOTHING] = this.#pieces;
    const bytes = this.#pieces.length > 1 ? concat(this.#pieces) : only;
    this.#pieces.length = 0;
    const text = UTF8.decode(bytes);
    if (text.includes("\uFFFD") && this.badUtf8.length < MAX_BAD_LINES && !isUtf8(bytes))
      this.badUtf8.push({ line: text.slice(0, text.indexOf("\uFFFD") + 1), atMs });
    const line = stripBom(text, this.#isFirst);
    if (this.#isFirst) this.hasBom = line !== text;
    this.#isFirst = false;
    return line;
  }

  #takeLine(line: string, atMs: number): void {
    if (line.startsWith(":")) this.comments.push({ text: line.slice(1).trimStart(), atMs });
    if (line !== "") {
      this.#lines.push(parseLine(line));
      return;
    }
    const lines = this.#lines;
    this.#lines = [];
    if (lines.some(({ name }) => name !== "")) this.blocks.push(this.#block(lines, atMs));
    else this.commentsAlone += lines.length;
  }

  #block(lines: readonly FieldLine[], atMs: number): Block {
    const values = (name: string): string[] =>
      lines.filter((line) => line.name === name).map((line) => line.value);
    const data = values("data");
    const id = values("id")
      .filter((value) => !value.includes("\0"))
      .at(-1);
    const retry = values("retry")
      .filter((value) => /^\d+$/.test(value))
      .at(-1);
    if (id !== undefined) this.#lastId = id;
    return {
      lines,
      event: data.length > 0 ? values("event").at(-1) || "message" : undefined,
      data: data.length > 0 ? data.join("\n") : undefined,
      id,
      lastId: this.#lastId,
      retryMs: retry === undefined ? undefined : Number(retry),
      atMs,
    };
  }
}

/** The most lines that are kept of those that are not UTF-8. */
const MAX_BAD_LINES = 10;

const LF = 10;
const CR = 13;
const NOTHING = new Uint8Array();
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

function stripBom(text: string, isFirst: boolean): string {
  return isFirst && text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** The place of the next CR or LF, or the end. */
function nextBreak(bytes: Uint8Array, from: number): number {
  const lf = bytes.indexOf(LF, from);
  const end = lf === -1 ? bytes.length : lf;
  const cr = bytes.subarray(from, end).indexOf(CR);
  return cr === -1 ? end : from + cr;
}

function parseLine(line: string): FieldLine {
  const colon = line.indexOf(":");
  if (colon === -1) return { name: line, value: "" };
  const value = line.slice(colon + 1);
  return { name: line.slice(0, colon), value: value.startsWith(" ") ? value.slice(1) : value };
}

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

/** Reads `text/event-stream` in any fragmentation. It keeps what the WHATWG rules drop, such as comments. */
export class EventStreamReader {
  readonly blocks: Block[] = [];
  /** The number of comments outside of blocks: a blank line follows them before any field. */
  commentsAlone = 0;
  #decoder = new TextDecoder("utf-8");
  #rest = "";
  #skipLf = false;
  #lines: FieldLine[] = [];
  #lastId = "";

  push(bytes: Uint8Array, atMs: number): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    if (this.#skipLf && text.startsWith("\n")) text = text.slice(1);
    this.#skipLf = text.endsWith("\r");
    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#takeLine(line, atMs);
  }

  /** Lines after the last blank line, of an unfinished event. */
  get unfinished(): readonly FieldLine[] {
    return this.#rest === "" ? this.#lines : [...this.#lines, parseLine(this.#rest)];
  }

  #takeLine(line: string, atMs: number): void {
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

function parseLine(line: string): FieldLine {
  const colon = line.indexOf(":");
  if (colon === -1) return { name: line, value: "" };
  const value = line.slice(colon + 1);
  return { name: line.slice(0, colon), value: value.startsWith(" ") ? value.slice(1) : value };
}

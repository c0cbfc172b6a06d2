import { latin1 } from "./bytes.ts";

/** How an answer marks the end of its body. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

type ChunkState = "size" | "data" | "data-end" | "trailer";

/** Removes the framing of a body, in any fragmentation; passes content on as it arrives. */
export class BodyParser {
  complete = false;
  #remaining = 0;
  #state: ChunkState = "size";
  #line = "";
  readonly #framing: Framing;
  readonly #onBody: (bytes: Uint8Array) => void;
  readonly #faults: string[];
  readonly #onSurplus: ((bytes: Uint8Array) => void) | undefined;

  /** @param onSurplus gets the bytes after the end, which belong to the next answer; without it, they are a fault */
  constructor(
    framing: Framing,
    onBody: (bytes: Uint8Array) => void,
    faults: string[],
    onSurplus?: (bytes: Uint8Array) => void,
  ) {
    this.#framing = framing;
    this.#onSurplus = onSurplus;
    this.#onBody = onBody;
    this.#faults = faults;
    if (framing.kind === "length") this.#remaining = framing.length;
    this.complete = framing.kind === "none" || (framing.kind === "length" && framing.length === 0);
  }

  push(bytes: Uint8Array): void {
    if (this.complete) {
      if (bytes.length > 0 && this.#onSurplus) this.#onSurplus(bytes);
      else if (bytes.length > 0) this.#fault(`${bytes.length} bytes after the end of the answer`);
      return;
    }
    if (this.#framing.kind === "close") this.#onBody(bytes);
    else if (this.#framing.kind === "length") this.#pushLength(bytes);
    else this.#pushChunked(bytes);
  }

  /** The peer has closed the connection. */
  end(): void {
    if (this.complete) return;
    if (this.#framing.kind === "close") this.complete = true;
    else this.#fault("the connection ended inside the body");
  }

  #fault(text: string): void {
    if (!this.#faults.includes(text)) this.#faults.push(text);
  }

  #pushLength(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, this.#remaining);
    this.#remaining -= taken.length;
    if (taken.length > 0) this.#onBody(taken);
    if (this.#remaining > 0) return;
    this.complete = true;
    this.push(bytes.subarray(taken.length));
  }

  #pushChunked(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.complete) {
      if (this.#state === "data") {
        const taken = bytes.subarray(at, at + this.#remaining);
        this.#remaining -= taken.length;
        at += taken.length;
        this.#onBody(taken);
        if (this.#remaining === 0) this.#state = "data-end";
      } else {
        const newline = bytes.indexOf(10, at);
        const end = newline === -1 ? bytes.length : newline + 1;
        this.#line += latin1(bytes.subarray(at, end));
        at = end;
        if (newline !== -1) this.#takeLine();
      }
    }
    if (this.complete) this.push(bytes.subarray(at));
  }

  #takeLine(): void {
    const line = this.#line.replace(/\r?\n$/, "");
    this.#line = "";
    if (this.#state === "data-end") {
      if (line !== "") this.#fault("a chunk is longer than its size says");
      this.#state = "size";
    } else if (this.#state === "trailer") {
      if (line === "") this.complete = true;
    } else {
      this.#takeSize(line);
    }
  }

  #takeSize(line: string): void {
    const match = /^[ \t]*([0-9a-f]+)[ \t]*(?:;.*)?$/i.exec(line);
    if (!match) this.#fault(`a chunk size is not a number: ${JSON.stringify(line.slice(0, 40))}`);
    this.#remaining = match ? Number.parseInt(match[1] ?? "0", 16) : 0;
    if (!match) this.complete = true;
    else this.#state = this.#remaining === 0 ? "trailer" : "data";
  }
}

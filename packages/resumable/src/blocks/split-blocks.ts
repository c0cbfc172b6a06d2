import { Buffer } from "node:buffer";

const [LF, CR] = [0x0a, 0x0d];
const BOM = [0xef, 0xbb, 0xbf];

/**
 * Cuts an event stream that arrives in chunks of any size into its blocks: an event with the blank line that ends it.
 * The blocks joined are the stream, without a byte order mark at its beginning. Lines end with LF, CR or CRLF.
 */
export class BlockSplitter {
  /** The bytes of the block that is still incomplete. */
  #rest: Buffer[] = [];
  #length = 0;
  /** How many bytes of the stream were looked at; counts up to the end of a byte order mark. */
  #seen = 0;
  /** The line so far is empty. */
  #lineIsEmpty = true;
  /** The block so far has a line that is not empty. */
  #hasLine = false;
  /** The byte before was a CR that ended a line; an LF that follows belongs to it. */
  #afterCR = false;
  /** The line before was ended by CRLF, so the CR of a blank line will have an LF too: wait for it. */
  #usesCRLF = false;
  /** A block is complete, apart from the LF that should follow. */
  #due = false;

  /** How many bytes of an incomplete block are kept. */
  get pending(): number {
    return this.#length;
  }

  /** The blocks that this chunk completes. */
  push(chunk: Uint8Array): Buffer[] {
    const bytes = this.#withoutBom(chunk);
    const blocks: Buffer[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const end = this.#take(bytes[at] ?? 0, at);
      if (end < 0) continue;
      blocks.push(this.#join(bytes.subarray(start, end)));
      start = end;
    }
    const left = bytes.subarray(start);
    if (left.length > 0) {
      this.#rest.push(Buffer.from(left)); // a copy: the platform may reuse the chunk
      this.#length += left.length;
    }
    return blocks;
  }

  /** What is left when the stream has ended: an incomplete block, or undefined. */
  finish(): { readonly bytes: Buffer; readonly isBlock: boolean } | undefined {
    // A stream that ended within a byte order mark had none: what was held back of it belongs to the stream.
    const held = Buffer.from(this.#seen < BOM.length ? BOM.slice(0, this.#seen) : []);
    if (this.#length + held.length === 0) return undefined;
    const isBlock = this.#due;
    return { bytes: this.#join(held), isBlock };
  }

  /** Look at one byte. Returns where a block ends, or -1. */
  #take(byte: number, at: number): number {
    const wasDue = this.#due;
    this.#due = false;
    if (byte === LF && this.#afterCR) {
      this.#afterCR = false;
      if (!wasDue) this.#usesCRLF = true;
      return wasDue ? this.#complete(at + 1) : -1;
    }
    if (wasDue) {
      // No LF came: the block ended before this byte.
      this.#complete(at);
      this.#take(byte, at);
      return at;
    }
    this.#afterCR = byte === CR;
    if (byte !== CR && byte !== LF) {
      this.#lineIsEmpty = false;
      this.#hasLine = true;
      return -1;
    }
    const isBlank = this.#lineIsEmpty;
    this.#lineIsEmpty = true;
    if (!isBlank || !this.#hasLine) {
      this.#usesCRLF = false;
      return -1;
    }
    if (byte === CR && this.#usesCRLF) {
      this.#due = true;
      return -1;
    }
    return this.#complete(at + 1);
  }

  #complete(end: number): number {
    this.#hasLine = false;
    this.#lineIsEmpty = true;
    this.#usesCRLF = false;
    return end;
  }

  #join(last: Uint8Array): Buffer {
    const block = Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#length = 0;
    return block;
  }

  #withoutBom(chunk: Uint8Array): Uint8Array {
    let skipped = 0;
    while (this.#seen < 3 && skipped < chunk.length && chunk[skipped] === BOM[this.#seen]) {
      this.#seen += 1;
      skipped += 1;
    }
    if (this.#seen >= 3 || skipped === chunk.length) {
      if (this.#seen === 3) this.#seen = 4;
      return chunk.subarray(skipped);
    }
    // Not a byte order mark: give back what was held of it.
    const held = Buffer.from(BOM.slice(0, this.#seen));
    this.#seen = 4;
    return held.length === 0 ? chunk : Buffer.concat([held, chunk.subarray(skipped)]);
  }
}

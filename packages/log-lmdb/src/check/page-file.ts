import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 65_536;
/** The number of cached chunks: 32 MiB. */
const MAX_CHUNKS = 512;

/** Reads a file in pages, without a memory map, so that reading past the end is only a short read. */
export class PageFile {
  readonly path: string;
  readonly bytes: number;
  pageSize: number = CHUNK_BYTES;
  readonly #fd: number;
  readonly #chunks = new Map<number, Buffer>();

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, "r");
    this.bytes = fstatSync(this.#fd).size;
  }

  /** The number of complete pages. */
  get pages(): number {
    return Math.floor(this.bytes / this.pageSize);
  }

  /** A page, or as much of it as there is. */
  page(number: number): Buffer {
    return this.slice(number * this.pageSize, this.pageSize);
  }

  /** `length` bytes at an offset, or as many as there are. A damaged page may name any offset. */
  slice(at: number, length: number): Buffer {
    if (at >= this.bytes) return Buffer.alloc(0);
    const first = Math.floor(at / CHUNK_BYTES);
    const offset = at - first * CHUNK_BYTES;
    if (offset + length <= CHUNK_BYTES) return this.#chunk(first).subarray(offset, offset + length);
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.bytes - at)));
    return bytes.subarray(0, this.#read(bytes, at));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #chunk(number: number): Buffer {
    const kept = this.#chunks.get(number);
    if (kept !== undefined) return kept;
    const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const chunk = bytes.subarray(0, this.#read(bytes, number * CHUNK_BYTES));
    this.#chunks.set(number, chunk);
    if (this.#chunks.size > MAX_CHUNKS) this.#chunks.delete(this.#chunks.keys().next().value ?? number);
    return chunk;
  }

  #read(into: Buffer, at: number): number {
    let filled = 0;
    while (filled < into.length) {
      const count = readSync(this.#fd, into, filled, into.length - filled, at + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }
}

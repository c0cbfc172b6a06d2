import type { Buffer } from "node:buffer";
import { endianness } from "node:os";

/** Odd constants with well-spread bits, from the golden ratio and square roots. */
const [A, B, C, D] = [0x9e3779b1 | 0, 0x6a09e667 | 0, 0xbb67ae85 | 0, 0x3c6ef373 | 1];
const LANES_BYTES = 16;
const WORD_BYTES = 4;
const { imul } = Math;

/** Views of the same memory. */
export interface Memory {
  readonly view: DataView;
  /** Twice as fast to read; only if the memory is aligned. */
  readonly words: Int32Array | undefined;
}

/** The memory from the first of `bytes` to the end of their buffer, because lmdb changes their length. */
export function memoryOf({ buffer, byteOffset }: Uint8Array): Memory {
  const view = new DataView(buffer, byteOffset, buffer.byteLength - byteOffset);
  const isAligned = byteOffset % WORD_BYTES === 0 && endianness() === "LE";
  const words = isAligned ? new Int32Array(buffer, byteOffset, view.byteLength >> 2) : undefined;
  return { view, words };
}

/**
 * Caches the views of the latest bytes: lmdb returns the same bytes repeatedly, and views cost as much as a
 * checksum.
 */
export class KeptMemory {
  #bytes: Uint8Array = new Uint8Array(0);
  #memory = memoryOf(this.#bytes);

  of(bytes: Uint8Array): Memory {
    if (bytes === this.#bytes) return this.#memory;
    this.#bytes = bytes;
    this.#memory = memoryOf(bytes);
    return this.#memory;
  }
}

/**
 * A 32-bit checksum over the bytes from `start` to `end`, continuing from the checksum `seed`.
 *
 * Each step is a bijection of its lane, so any change within four bytes is detected; of all others, one in 4
 * billion is not. Node has a native CRC only from 20.15 on, and calling it for a record of 200 bytes costs
 * more than this.
 */
export function checksum({ view, words }: Memory, start: number, end: number, seed: number): number {
  let at = start;
  let a = (seed + A) | 0;
  let b = seed ^ B;
  let c = (seed - C) | 0;
  let d = seed ^ D;
  const isAligned = words !== undefined && start % WORD_BYTES === 0;
  for (const last = end - LANES_BYTES; at <= last; at += LANES_BYTES) {
    const word = at >> 2;
    a = imul(a ^ (isAligned ? (words[word] ?? 0) : view.getInt32(at, true)), A);
    a = (a << 13) | (a >>> 19);
    b = imul(b ^ (isAligned ? (words[word + 1] ?? 0) : view.getInt32(at + 4, true)), A);
    b = (b << 13) | (b >>> 19);
    c = imul(c ^ (isAligned ? (words[word + 2] ?? 0) : view.getInt32(at + 8, true)), A);
    c = (c << 13) | (c >>> 19);
    d = imul(d ^ (isAligned ? (words[word + 3] ?? 0) : view.getInt32(at + 12, true)), A);
    d = (d << 13) | (d >>> 19);
  }
  let sum = (imul(a, A) + imul((b << 7) | (b >>> 25), B) + imul(c, C) + imul((d << 18) | (d >>> 14), D)) | 0;
  for (; at + WORD_BYTES <= end; at += WORD_BYTES) {
    sum = imul(sum ^ view.getInt32(at, true), C);
    sum = (sum << 15) | (sum >>> 17);
  }
  for (; at < end; at++) {
    sum = imul(sum ^ view.getUint8(at), A);
    sum = (sum << 11) | (sum >>> 21);
  }
  return finish(sum ^ (end - start));
}

/** Finalize a sum, so that each bit affects half of the bits. */
function finish(sum: number): number {
  let mixed = imul(sum ^ (sum >>> 16), B);
  mixed = imul(mixed ^ (mixed >>> 13), C);
  return mixed ^ (mixed >>> 16);
}

/** The seed of a table's checksums, so that a record of one table is invalid in another. */
export function seedOf(table: Buffer): number {
  return checksum(memoryOf(table), 0, table.length, 0);
}

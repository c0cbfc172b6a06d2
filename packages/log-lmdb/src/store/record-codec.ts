import { Buffer } from "node:buffer";
import { checksum, KeptMemory, memoryOf, seedOf } from "./checksum.ts";

/** Writes and reads the keys of a table. */
export interface KeyCodec<K> {
  /** Write a key. Returns its end. */
  readonly writeKey: (key: K, target: Buffer, start: number) => number;
  readonly readKey: (source: Buffer, start: number, end: number) => unknown;
}

/** The text of a damaged record. No valid text is empty. */
export const DAMAGED = "";

const SUM_BYTES = 4;
const MAX_KEY_BYTES = 1_978;
/** The most bytes that a UTF-16 code unit takes in UTF-8. */
const UTF8_BYTES = 3;

/** lmdb-js reads the bytes between `start` and `end` without a copy. */
type Scratch = Buffer & { readonly start: number; end: number };

function newScratch(bytes: number): Scratch {
  return Object.assign(Buffer.allocUnsafeSlow(bytes), { start: 0, end: 0 });
}

let scratch = newScratch(65_536);
let scratchMemory = memoryOf(scratch);
const keyMemory = new KeptMemory();
const valueMemory = new KeptMemory();

function growScratch(bytes: number): void {
  scratch = newScratch(bytes);
  scratchMemory = memoryOf(scratch);
}

/**
 * Writes and reads the records of one table: a checksum over the table, the key and the text, followed by the
 * text.
 *
 * lmdb-js reads a key before its value, in ranges and in single reads, so the value can be verified against
 * the requested key. When it writes, the value comes first: {@link RecordCodec.place} sets the key.
 */
export class RecordCodec<K> {
  readonly #seed: number;
  readonly #keys: KeyCodec<K>;
  readonly #key = Buffer.allocUnsafeSlow(MAX_KEY_BYTES * 2);
  readonly #keyMemory = memoryOf(this.#key);
  /** The checksum of the key that was read or written last. */
  #place = 0;

  constructor(table: string, keys: KeyCodec<K>) {
    this.#seed = seedOf(Buffer.from(table));
    this.#keys = keys;
  }

  /** Set the key of the next written record. */
  place(key: K): void {
    this.#place = checksum(this.#keyMemory, 0, this.#keys.writeKey(key, this.#key, 0), this.#seed);
  }

  /** Set the key of the next read record from its bytes. */
  placeAt(source: Uint8Array, start: number, end: number): void {
    this.#place = checksum(memoryOf(source), start, end, this.#seed);
  }

  readonly writeKey = (key: K, target: Buffer, start: number): number => {
    const end = this.#keys.writeKey(key, target, start);
    this.#place = checksum(keyMemory.of(target), start, end, this.#seed);
    return end;
  };

  readonly readKey = (source: Buffer, start: number, end: number): unknown => {
    this.#place = checksum(keyMemory.of(source), start, end, this.#seed);
    return this.#keys.readKey(source, start, end);
  };

  readonly encode = (text: string): Buffer => {
    const most = SUM_BYTES + text.length * UTF8_BYTES;
    if (most > scratch.length) growScratch(most * 2);
    const end = SUM_BYTES + scratch.write(text, SUM_BYTES, "utf8");
    scratchMemory.view.setInt32(0, checksum(scratchMemory, SUM_BYTES, end, this.#place), true);
    scratch.end = end;
    return scratch;
  };

  /** The text of a record, or {@link DAMAGED}. */
  readonly decode = (bytes: Buffer, size: unknown): string => {
    const end = typeof size === "number" ? size : bytes.length;
    const memory = valueMemory.of(bytes);
    if (end < SUM_BYTES + 1) return DAMAGED;
    if (memory.view.getInt32(0, true) !== checksum(memory, SUM_BYTES, end, this.#place)) return DAMAGED;
    return (bytes as Buffer & { utf8Slice(start: number, end: number): string }).utf8Slice(SUM_BYTES, end);
  };
}

/** An encoded body, and its length in bytes. */
export interface Encoded {
  readonly body: string | Uint8Array;
  readonly length: number;
}

/** A cache of encoded bodies with a limit in bytes; the least recently used one is dropped first. */
export class ByteCache {
  readonly #maxBytes: number;
  // Ordered by last use, the most recent last.
  readonly #entries = new Map<string, Encoded>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many bytes are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The body for `key`; made by `make` if it is not cached. */
  get(key: string, make: () => Encoded): Encoded {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = make();
    this.#keep(key, made);
    return made;
  }

  #keep(key: string, made: Encoded): void {
    const size = sizeOf(key, made);
    if (size > this.#maxBytes) return;
    this.#entries.set(key, made);
    this.#bytes += size;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= sizeOf(oldest, entry);
    }
  }
}

/** What an entry costs besides its text, in bytes, roughly. */
const OVERHEAD = 200;

function sizeOf(key: string, { length }: Encoded): number {
  return key.length + length + OVERHEAD;
}

/** The log of the floors: messages in the form of a page, one after the other, so that a page is a slice. */
export class ContiguousLog {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;
  readonly #ends: number[] = [0];

  get count(): number {
    return this.#ends.length - 1;
  }

  append(text: string): void {
    const message = `{"cursor":"${this.count + 1}","data":${text}},`;
    while (this.#length + message.length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    this.#length += this.#bytes.write(message, this.#length, "latin1");
    this.#ends.push(this.#length);
  }

  /** The messages from `from` up to `to`, separated by commas. */
  slice(from: number, to: number): Buffer {
    if (from >= to) return Buffer.alloc(0);
    return this.#bytes.subarray(this.#ends[from] ?? 0, (this.#ends[to] ?? 0) - 1);
  }

  /** A page's body in three pieces, and its end position. */
  page(
    from: number,
    limit: number,
  ): { readonly pieces: readonly [string, Buffer, string]; readonly to: number } {
    const to = Math.min(this.count, from + limit);
    const end = `],"cursor":"${to}","more":${to < this.count}}`;
    return { pieces: ['{"messages":[', this.slice(from, to), end], to };
  }
}

/** The block of one message in an event stream. */
export function blockOf(text: string, number: number): string {
  return `data: ${text}\nid: ${number}\n\n`;
}

/** A channel of a floor; `T` is the type of its writable targets. */
export interface Channel<T> {
  readonly log: ContiguousLog;
  readonly texts: string[];
  readonly streams: Set<T>;
  held: T[];
}

/** The channels of a floor by name; each is created on first use. */
export function channels<T>(): (name: string) => Channel<T> {
  const known = new Map<string, Channel<T>>();
  return (name) => {
    const channel = known.get(name) ?? { log: new ContiguousLog(), texts: [], streams: new Set(), held: [] };
    known.set(name, channel);
    return channel;
  };
}

import type { Buffer } from "node:buffer";
import { ProtocolError } from "@tidemark/protocol";
import type { Database, RootDatabase, RootDatabaseOptions } from "lmdb";
import { DAMAGED, type KeyCodec, RecordCodec } from "./record-codec.ts";

/** Keys from `start` to below `end`, at most `limit`. */
export interface KeyRange<K> {
  readonly start: K;
  readonly end?: K;
  readonly exclusiveStart?: boolean;
  readonly limit?: number;
}

/** A key as its codec reads it, and its text, or {@link DAMAGED} if the checksum is wrong. */
export interface Entry {
  readonly key: unknown;
  readonly value: string;
}

/** A table whose records are verified against their keys when read. Writes in a transaction only. */
export class CheckedTable<K> {
  readonly name: string;
  readonly #codec: RecordCodec<K>;
  readonly #database: Database<string, never>;

  constructor(root: RootDatabase<string, string>, name: string, keys: KeyCodec<K>) {
    this.name = name;
    this.#codec = new RecordCodec(name, keys);
    const options = { encoding: "string", encoder: this.#codec, keyEncoder: this.#codec } as const;
    this.#database = root.openDB<string, never>(name, options satisfies RootDatabaseOptions);
  }

  /** The text of a key, if there is one. @throws ProtocolError `unavailable` if it is damaged */
  get(key: K): string | undefined {
    const text = this.peek(key);
    if (text !== DAMAGED) return text;
    throw new ProtocolError(
      "unavailable",
      `A record of the table ${this.name} is damaged: stop the server and run "tidemark check" on its directory`,
    );
  }

  /** As {@link get}, but returns {@link DAMAGED} for a damaged record. */
  peek(key: K): string | undefined {
    return this.#database.get(key as never);
  }

  put(key: K, text: string): void {
    this.#codec.place(key);
    this.#database.putSync(key as never, text);
  }

  /** Returns whether there was a record. */
  remove(key: K): boolean {
    return this.#database.removeSync(key as never);
  }

  clear(): void {
    this.#database.clearSync();
  }

  /** Keys in order, as the codec reads them. */
  keys<T>(range: KeyRange<K>): T[] {
    return [...this.#database.getKeys(range as object)] as T[];
  }

  count(start: K): number {
    return this.#database.getKeysCount({ start: start as never });
  }

  range(range: KeyRange<K>): Iterable<Entry> {
    return this.#database.getRange(range as object);
  }
}

/** Keys that are plain bytes. */
export const byteKeys: KeyCodec<Uint8Array> = {
  writeKey: (key, target: Buffer, start) => {
    target.set(key, start);
    return start + key.length;
  },
  readKey: (source: Buffer, start, end) => Uint8Array.prototype.slice.call(source, start, end),
};

/** Sorts before every key of {@link byteKeys}. */
export const FIRST_BYTES: Uint8Array = Uint8Array.of(0);

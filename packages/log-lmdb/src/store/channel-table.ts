import { createHash, createHmac, randomBytes } from "node:crypto";
import { newEpoch, newTag } from "@tidemark/log";
import { type ChannelState, emptyState, formatState, parseState } from "./channel-state.ts";
import type { CheckedTable } from "./checked-table.ts";
import type { KeyCodec } from "./record-codec.ts";
import { Usage, type UsageBounds, type UsedRoom } from "./usage.ts";

/** The key of a channel in the store, see {@link channelKey}. */
export type ChannelKey = string;

/** The databases of a {@link ChannelTable}. */
export interface ChannelDatabases {
  readonly channels: CheckedTable<ChannelKey>;
  /** The start positions of channels that were removed and not written since. */
  readonly removed: CheckedTable<ChannelKey>;
  /** The secret from which start positions are derived, and the number of the latest incarnation. */
  readonly meta: CheckedTable<string>;
}

/** The bounds of a {@link ChannelTable}. */
export interface ChannelBounds extends UsageBounds {
  readonly maxRemoved: number;
}

const EPOCH_CHARS = 12;
const TAG_CHARS = 8;
/** A character takes at most three bytes, and an lmdb key at most 1 978. */
const MAX_NAME_CHARS = 500;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Sorts before every {@link ChannelKey}. */
export const BEFORE_ALL = "\u0001";

/** Writes {@link ChannelKey}s without allocating. */
export const channelKeys: KeyCodec<ChannelKey> = {
  writeKey: (key, target, start) => start + target.write(key, start),
  readKey: (source, start, end): ChannelKey => source.toString("utf8", start, end),
};

/**
 * The name itself, or its digest if lmdb cannot store the name: if it is too long or not encodable in UTF-8.
 */
export function channelKey(name: string): ChannelKey {
  if (name.length <= MAX_NAME_CHARS && !LONE_SURROGATE.test(name)) return `=${name}`;
  return `#${createHash("sha256").update(name, "utf16le").digest("base64url")}`;
}

/** The number of channels read at a time. */
const LOOK = 512;

/** The names of the channels in a table. @throws Error after the last one, if some have only a digest */
export function* channelNames(table: ChannelTable): Iterable<string> {
  let unnamed = 0;
  for (let keys = table.keysAfter(BEFORE_ALL, LOOK); keys.length > 0; ) {
    for (const key of keys) {
      if (key.startsWith("=")) yield key.slice(1);
      else unnamed += 1;
    }
    keys = table.keysAfter(keys.at(-1) ?? BEFORE_ALL, LOOK);
  }
  if (unnamed > 0)
    throw new Error(
      `${unnamed} channels have names of more than ${MAX_NAME_CHARS} characters, which the log does not store`,
    );
}

/** The state of each channel, without its messages. Reads anywhere; writes in a transaction only. */
export class ChannelTable {
  readonly #databases: ChannelDatabases;
  readonly #maxRemoved: number;
  /** The number of channels and their bytes. */
  readonly usage: Usage;
  // An aborted transaction may leave this slightly wrong; the bound need not be exact.
  #removed: number;

  constructor(databases: ChannelDatabases, { maxRemoved, maxChannels, maxBytes }: ChannelBounds) {
    this.#databases = databases;
    this.#maxRemoved = maxRemoved;
    this.#removed = databases.removed.count(BEFORE_ALL);
    this.usage = new Usage({ maxChannels, maxBytes }, () => this.#measure(maxBytes !== undefined));
  }

  /** The channel's state; an empty one if nothing is stored. */
  get(key: ChannelKey): ChannelState {
    const text = this.#databases.channels.get(key);
    return text === undefined ? this.#empty(key) : parseState(text);
  }

  /** Give an unwritten channel a number, under which its messages are stored. */
  number(key: ChannelKey, state: ChannelState): ChannelState {
    if (state.incarnation !== 0) return state;
    const { meta, removed } = this.#databases;
    const incarnation = Number(meta.get("incarnations") ?? 0) + 1;
    meta.put("incarnations", String(incarnation));
    if (removed.remove(key)) this.#removed -= 1;
    return { ...state, incarnation };
  }

  /** `before` is the previous state; absent for a new channel. */
  put(key: ChannelKey, state: ChannelState, before?: ChannelState): void {
    this.usage.change(before === undefined ? 1 : 0, state.bytes - (before?.bytes ?? 0));
    this.#databases.channels.put(key, formatState(state));
  }

  /**
   * Remove a channel. If it is written again, it begins in a new epoch. Up to `maxRemoved` such start
   * positions are kept; beyond that they are dropped, and a new secret changes the start positions of all
   * unwritten channels.
   */
  remove(key: ChannelKey): void {
    const { channels, removed, meta } = this.#databases;
    this.usage.change(-1, -this.get(key).bytes);
    channels.remove(key);
    if (this.#removed < this.#maxRemoved) {
      removed.put(key, JSON.stringify([newEpoch(), newTag()]));
      this.#removed += 1;
      return;
    }
    removed.clear();
    this.#removed = 0;
    meta.put("secret", newSecret());
  }

  /** Up to `limit` keys after `after`, in order. */
  keysAfter(after: ChannelKey, limit: number): ChannelKey[] {
    return this.#databases.channels.keys({ start: after, exclusiveStart: true, limit });
  }

  #measure(withBytes: boolean): UsedRoom {
    const { channels } = this.#databases;
    let bytes = 0;
    if (withBytes)
      for (const { value } of channels.range({ start: BEFORE_ALL })) bytes += parseState(value).bytes;
    return { channels: channels.count(BEFORE_ALL), bytes };
  }

  #empty(key: ChannelKey): ChannelState {
    const { removed, meta } = this.#databases;
    const text = removed.get(key);
    if (text !== undefined) {
      const [epoch, tag]: [string, string] = JSON.parse(text);
      return emptyState(epoch, tag);
    }
    const secret = meta.get("secret") ?? "";
    const digest = createHmac("sha256", secret).update(key).digest("base64url");
    return emptyState(digest.slice(0, EPOCH_CHARS), digest.slice(EPOCH_CHARS, EPOCH_CHARS + TAG_CHARS));
  }
}

/** A secret from which the start positions of unwritten channels are derived. */
export function newSecret(): string {
  return randomBytes(16).toString("base64url");
}

import { createHash, createHmac, randomBytes } from "node:crypto";
import { newEpoch, newTag } from "@tidemark/log";
import { type ChannelState, emptyState, formatState, parseState } from "./channel-state.ts";
import type { CheckedTable } from "./checked-table.ts";
import type { KeyCodec } from "./record-codec.ts";
import { Usage, type UsageBounds, type UsedRoom } from "./usage.ts";

/** What a channel goes by in the store: see {@link channelKey}. */
export type ChannelKey = string;

/** The databases that a {@link ChannelTable} is made of. */
export interface ChannelDatabases {
  readonly channels: CheckedTable<ChannelKey>;
  /** Channels that were removed and not written since, and where each begins. */
  readonly removed: CheckedTable<ChannelKey>;
  /** The secret that beginnings are derived from, and the number of the latest incarnation. */
  readonly meta: CheckedTable<string>;
}

/** How much a {@link ChannelTable} keeps. */
export interface ChannelBounds extends UsageBounds {
  readonly maxRemoved: number;
}

const EPOCH_CHARS = 12;
const TAG_CHARS = 8;
/** Three bytes each at most, and lmdb's keys have 1 978. */
const MAX_NAME_CHARS = 500;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Comes before every {@link ChannelKey}. */
export const BEFORE_ALL = "\u0001";

/** Writes {@link ChannelKey}s, and makes no garbage of it. */
export const channelKeys: KeyCodec<ChannelKey> = {
  writeKey: (key, target, start) => start + target.write(key, start),
  readKey: (source, start, end): ChannelKey => source.toString("utf8", start, end),
};

/** The name itself, or its digest where lmdb could not take it: long ones, and what UTF-8 cannot write. */
export function channelKey(name: string): ChannelKey {
  if (name.length <= MAX_NAME_CHARS && !LONE_SURROGATE.test(name)) return `=${name}`;
  return `#${createHash("sha256").update(name, "utf16le").digest("base64url")}`;
}

/** So many channels are looked up at a time. */
const LOOK = 512;

/** The names of the channels of a table. @throws Error after the last one, if some have a digest in their place */
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
      `${unnamed} channels have names of more than ${MAX_NAME_CHARS} characters, which are not kept`,
    );
}

/** What is known of each channel besides its messages. Reads anywhere; writes in a transaction only. */
export class ChannelTable {
  readonly #databases: ChannelDatabases;
  readonly #maxRemoved: number;
  /** How many channels there are, and how big. */
  readonly usage: Usage;
  // Of an aborted transaction it may keep a trace: the bound that it is for need not be exact.
  #removed: number;

  constructor(databases: ChannelDatabases, { maxRemoved, maxChannels, maxBytes }: ChannelBounds) {
    this.#databases = databases;
    this.#maxRemoved = maxRemoved;
    this.#removed = databases.removed.count(BEFORE_ALL);
    this.usage = new Usage({ maxChannels, maxBytes }, () => this.#measure(maxBytes !== undefined));
  }

  /** The channel as it stands: an empty one where nothing is stored. */
  get(key: ChannelKey): ChannelState {
    const text = this.#databases.channels.get(key);
    return text === undefined ? this.#empty(key) : parseState(text);
  }

  /** Give a channel that nothing was written to a number, under which its messages are stored. */
  number(key: ChannelKey, state: ChannelState): ChannelState {
    if (state.incarnation !== 0) return state;
    const { meta, removed } = this.#databases;
    const incarnation = Number(meta.get("incarnations") ?? 0) + 1;
    meta.put("incarnations", String(incarnation));
    if (removed.remove(key)) this.#removed -= 1;
    return { ...state, incarnation };
  }

  /** `before` is the state that this one follows; absent for a channel that is not there yet. */
  put(key: ChannelKey, state: ChannelState, before?: ChannelState): void {
    this.usage.change(before === undefined ? 1 : 0, state.bytes - (before?.bytes ?? 0));
    this.#databases.channels.put(key, formatState(state));
  }

  /**
   * Forget a channel; it begins in another epoch if it comes again. Where it begins is kept for `maxRemoved`
   * channels; beyond it a new secret lets all channels begin elsewhere that nothing was written to.
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

  /** Up to `limit` keys behind `after`, in their order. */
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

/** What the beginnings of channels that nothing was written to are derived from. */
export function newSecret(): string {
  return randomBytes(16).toString("base64url");
}

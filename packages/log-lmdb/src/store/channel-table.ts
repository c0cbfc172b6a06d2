import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { newEpoch, newTag } from "@tidemark/log";
import type { Database } from "lmdb";
import { type ChannelState, emptyState, formatState, parseState } from "./channel-state.ts";

/** What a channel goes by in the store: see {@link channelKey}. */
export type ChannelKey = string;

/** The databases that a {@link ChannelTable} is made of. */
export interface ChannelDatabases {
  readonly channels: Database<string, Buffer>;
  /** Channels that were removed and not written since, and where each begins. */
  readonly removed: Database<string, Buffer>;
  /** The secret that beginnings are derived from, and the number of the latest incarnation. */
  readonly meta: Database<string, string>;
}

const EPOCH_CHARS = 12;
const TAG_CHARS = 8;
/** lmdb's keys have at most 1 978 bytes. */
const MAX_NAME_BYTES = 1_000;

/** The name itself, or its digest where lmdb could not take it: long ones, and what UTF-8 cannot write. */
export function channelKey(name: string): ChannelKey {
  const bytes = Buffer.from(name);
  if (bytes.length <= MAX_NAME_BYTES && bytes.toString() === name) return `=${name}`;
  return `#${createHash("sha256").update(name, "utf16le").digest("base64url")}`;
}

/** What is known of each channel besides its messages. Reads anywhere; writes in a transaction only. */
export class ChannelTable {
  readonly #databases: ChannelDatabases;
  readonly #maxRemoved: number;
  // Of an aborted transaction it may keep a trace: the bound that it is for need not be exact.
  #removed: number;

  constructor(databases: ChannelDatabases, maxRemoved: number) {
    this.#databases = databases;
    this.#maxRemoved = maxRemoved;
    this.#removed = databases.removed.getKeysCount();
  }

  /** The channel as it stands: an empty one where nothing is stored. */
  get(key: ChannelKey): ChannelState {
    const text = this.#databases.channels.get(Buffer.from(key));
    return text === undefined ? this.#empty(key) : parseState(text);
  }

  /** Give a channel that nothing was written to a number, under which its messages are stored. */
  number(key: ChannelKey, state: ChannelState): ChannelState {
    if (state.incarnation !== 0) return state;
    const { meta, removed } = this.#databases;
    const incarnation = Number(meta.get("incarnations") ?? 0) + 1;
    meta.putSync("incarnations", String(incarnation));
    if (removed.removeSync(Buffer.from(key))) this.#removed -= 1;
    return { ...state, incarnation };
  }

  put(key: ChannelKey, state: ChannelState): void {
    this.#databases.channels.putSync(Buffer.from(key), formatState(state));
  }

  /**
   * Forget a channel; it begins in another epoch if it comes again. Where it begins is kept for `maxRemoved`
   * channels; beyond it a new secret lets all channels begin elsewhere that nothing was written to.
   */
  remove(key: ChannelKey): void {
    const { channels, removed, meta } = this.#databases;
    channels.removeSync(Buffer.from(key));
    if (this.#removed < this.#maxRemoved) {
      removed.putSync(Buffer.from(key), JSON.stringify([newEpoch(), newTag()]));
      this.#removed += 1;
      return;
    }
    removed.clearSync();
    this.#removed = 0;
    meta.putSync("secret", newSecret());
  }

  /** Up to `limit` keys behind `after`, in their order. */
  keysAfter(after: ChannelKey, limit: number): ChannelKey[] {
    const range = { start: Buffer.from(after), exclusiveStart: true, limit };
    return [...this.#databases.channels.getKeys(range)].map((key) => Buffer.from(key).toString());
  }

  #empty(key: ChannelKey): ChannelState {
    const { removed, meta } = this.#databases;
    const text = removed.get(Buffer.from(key));
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

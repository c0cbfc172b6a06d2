import { createHash } from "node:crypto";

/** The names in Redis of what a channel has. */
export interface ChannelKeys {
  /** Those that every script takes, in its order. */
  readonly state: readonly [meta: string, messages: string, seed: string, removed: string];
  /** The Pub/Sub channel that its wake-ups go to. */
  readonly wake: string;
  /** Never exists. */
  readonly nothing: string;
}

/** Channels of one shard share what is kept of those that were never written, or removed. */
export const SHARDS = 256;

/** Channels whose names are held ready. */
const MAX_KNOWN = 1_000;

/**
 * Names within a prefix. The hash tag is the channel's shard, so that on a cluster a channel lives in one slot,
 * together with what its shard shares: a node that comes back empty has lost both, and no epoch outlives its messages.
 */
export class Keys {
  readonly #prefix: string;
  readonly #known = new Map<string, ChannelKeys>();

  /** @throws RangeError for a prefix with braces: they would be taken for the hash tag. */
  constructor(prefix: string) {
    if (/[{}]/.test(prefix)) throw new RangeError(`prefix must have no braces: ${prefix}`);
    this.#prefix = prefix;
  }

  /** A pattern of the keys that describe a channel each. */
  get allMeta(): string {
    return `${this.#prefix.replace(/[\\*?[\]^]/g, "\\$&")}:{??}:meta:*`;
  }

  /** The name of the channel that a key of {@link allMeta} describes. */
  nameOf(key: string): string {
    return key.slice(`${this.#prefix}:{00}:meta:`.length);
  }

  of(channel: string): ChannelKeys {
    const known = this.#known.get(channel);
    if (known) return known;
    if (this.#known.size === MAX_KNOWN) this.#known.clear();
    const keys = this.#namesOf(channel);
    this.#known.set(channel, keys);
    return keys;
  }

  #namesOf(channel: string): ChannelKeys {
    const shard = this.#shard(channel);
    return {
      state: [
        `${shard}:meta:${channel}`,
        `${shard}:messages:${channel}`,
        `${shard}:seed`,
        `${shard}:removed`,
      ],
      wake: `${shard}:wake:${channel}`,
      nothing: `${shard}:nothing`,
    };
  }

  /** Where the answer to an idempotency key is remembered: a name of one length, however long the id. */
  ofAppend(channel: string, id: string): string {
    const name = createHash("sha256").update(channel).update("\0").update(id).digest("base64url");
    return `${this.#shard(channel)}:key:${name}`;
  }

  #shard(channel: string): string {
    const [byte = 0] = createHash("sha1").update(channel).digest();
    return `${this.#prefix}:{${byte.toString(16).padStart(2, "0")}}`;
  }
}

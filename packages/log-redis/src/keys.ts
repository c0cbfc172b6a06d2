import { createHash } from "node:crypto";
import { Cluster, type Redis } from "ioredis";

/** The Redis keys of a channel. */
export interface ChannelKeys {
  /** The keys that every script takes, in order. */
  readonly state: readonly [meta: string, messages: string, seed: string, removed: string];
  /** The Pub/Sub channel for its wake-ups. */
  readonly wake: string;
  /** A key that never exists. */
  readonly nothing: string;
}

/** Channels of one shard share the keys for unwritten and removed channels. */
export const SHARDS = 256;

/** The number of channels whose keys are cached. */
const MAX_KNOWN = 1_000;

/**
 * Key names with a prefix. The hash tag is the channel's shard, so that on a cluster a channel and its
 * shard's keys live in one slot: a node that comes back empty has lost both, and no epoch outlives its
 * messages.
 */
export class Keys {
  readonly #prefix: string;
  readonly #known = new Map<string, ChannelKeys>();

  /** @throws RangeError for a prefix with braces, which Redis would read as the hash tag */
  constructor(prefix: string) {
    if (/[{}]/.test(prefix)) throw new RangeError(`prefix must not contain braces: ${prefix}`);
    this.#prefix = prefix;
  }

  /** A pattern that matches the description key of every channel. */
  get allMeta(): string {
    return `${this.#prefix.replace(/[\\*?[\]^]/g, "\\$&")}:{??}:meta:*`;
  }

  /** The name of the channel of a description key, see {@link allMeta}. */
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

  /** The key of the answer to an idempotency key: a digest, so that its length does not depend on the id. */
  ofAppend(channel: string, id: string): string {
    const name = createHash("sha256").update(channel).update("\0").update(id).digest("base64url");
    return `${this.#shard(channel)}:key:${name}`;
  }

  #shard(channel: string): string {
    const [byte = 0] = createHash("sha1").update(channel).digest();
    return `${this.#prefix}:{${byte.toString(16).padStart(2, "0")}}`;
  }
}

/** The names of all written channels, in a cluster those of every primary. */
export async function* channelNames(redis: Redis | Cluster, keys: Keys): AsyncIterable<string> {
  const seen = new Set<string>(); // a scan may return a key twice
  for (const node of redis instanceof Cluster ? redis.nodes("master") : [redis]) {
    for await (const found of node.scanStream({ match: keys.allMeta, count: 1_000 })) {
      for (const key of found as string[]) {
        const name = keys.nameOf(key);
        if (!seen.has(name)) yield name;
        seen.add(name);
      }
    }
  }
}

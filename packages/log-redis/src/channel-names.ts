import { Cluster, type Redis } from "ioredis";
import type { Keys } from "./keys.ts";

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

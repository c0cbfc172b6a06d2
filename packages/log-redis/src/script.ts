import { createHash } from "node:crypto";
import { newTag } from "@tidemark/log";
import type { Cluster, Redis } from "ioredis";

/** A script that Redis caches by its digest. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** A script with its digest, as Redis computes it. */
export function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

/**
 * Run a script. Its text is sent only if Redis does not know it yet, and then nothing has been executed
 * before.
 */
export async function runScript(
  redis: Redis | Cluster,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return redis.eval(lua, keys.length, ...keys, ...args);
  }
}

/** A random value for new epochs and seeds: 96 bits. */
export function newNonce(): string {
  return newTag() + newTag();
}

import { createHash } from "node:crypto";
import { newTag } from "@tidemark/log";
import type { Cluster, Redis } from "ioredis";

/** A script that Redis keeps by its digest. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** Name a script by its digest, as Redis does. */
export function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

/** Run a script; its text is sent only to a Redis that does not know it (and which then has done nothing). */
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

/** What may have to be new and random in a step: 96 bits. */
export function newNonce(): string {
  return newTag() + newTag();
}

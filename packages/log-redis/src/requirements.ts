import { Cluster, type Redis } from "ioredis";

/** The oldest Redis that this was run on. */
const LEAST_VERSION = 7;

/**
 * Look whether this Redis can keep a log, in a cluster each of its primaries; answers the time that it has, the earliest
 * of theirs, in milliseconds since 1970.
 *
 * @throws Error that says what to change
 */
export async function checkRequirements(redis: Redis | Cluster): Promise<number> {
  const isCluster = redis instanceof Cluster;
  const nodes = isCluster ? redis.nodes("master") : [redis];
  if (nodes.length === 0) throw new Error("no primary of the cluster is known");
  const infos = await Promise.all(nodes.map((node) => node.info()));
  for (const info of infos) {
    const fault = faultOf(info, isCluster);
    if (fault !== undefined) throw new UnfitError(`This Redis cannot keep a log: ${fault}`);
  }
  return Math.min(...infos.map(timeIn));
}

/** A Redis that answered, and cannot keep a log. */
export class UnfitError extends Error {
  override readonly name = "UnfitError";
}

function timeIn(info: string): number {
  return Number(/^server_time_usec:(\d+)/m.exec(info)?.[1] ?? Number.POSITIVE_INFINITY) / 1_000;
}

/** What speaks against a Redis that says this of itself. */
export function faultOf(info: string, isCluster: boolean): string | undefined {
  const say = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? "";
  const policy = say("maxmemory_policy");
  if (Number.parseInt(say("redis_version"), 10) < LEAST_VERSION)
    return `it is version ${say("redis_version")}, and at least ${LEAST_VERSION} is needed`;
  if (policy !== "noeviction")
    return `its maxmemory-policy is ${policy || "not told"}, which drops messages without a word; set it to noeviction`;
  if (!isCluster && say("cluster_enabled") === "1")
    return "it is a node of a cluster, and was named as if it were alone; name the cluster";
  if (say("role") !== "master") return "it is a replica, which may lag; name the primary, or the Sentinels";
  return undefined;
}

import { Cluster, type Redis } from "ioredis";

/** The oldest Redis version that was tested. */
const LEAST_VERSION = 7;

/**
 * Check whether this Redis can keep a log; in a cluster, check every primary. Returns its time in
 * milliseconds since 1970; in a cluster, the earliest.
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

/** Redis answered, but cannot keep a log. */
export class UnfitError extends Error {
  override readonly name = "UnfitError";
}

function timeIn(info: string): number {
  return Number(/^server_time_usec:(\d+)/m.exec(info)?.[1] ?? Number.POSITIVE_INFINITY) / 1_000;
}

/** Why a Redis with this INFO cannot keep a log; `undefined` if it can. */
export function faultOf(info: string, isCluster: boolean): string | undefined {
  const say = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? "";
  const policy = say("maxmemory_policy");
  if (Number.parseInt(say("redis_version"), 10) < LEAST_VERSION)
    return `it is version ${say("redis_version")}, but at least ${LEAST_VERSION} is required`;
  if (policy !== "noeviction")
    return `its maxmemory-policy is ${policy || "unknown"}, which can silently drop messages; set it to noeviction`;
  if (!isCluster && say("cluster_enabled") === "1")
    return "it is a cluster node, but the address is that of a single Redis; name the cluster";
  if (say("role") !== "master") return "it is a replica, which can lag; name the primary or the Sentinels";
  return undefined;
}

import { Cluster, type Redis } from "ioredis";

/** The oldest Redis that this was run on. */
const LEAST_VERSION = 7;

/** Look whether this Redis can keep a log, in a cluster each of its primaries. @throws Error that says what to change */
export async function checkRequirements(redis: Redis | Cluster): Promise<void> {
  const isCluster = redis instanceof Cluster;
  const nodes = isCluster ? redis.nodes("master") : [redis];
  for (const info of await Promise.all(nodes.map((node) => node.info()))) {
    const fault = faultOf(info, isCluster);
    if (fault !== undefined) throw new Error(`This Redis cannot keep a log: ${fault}`);
  }
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

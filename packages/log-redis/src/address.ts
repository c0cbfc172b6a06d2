import type { ClusterNode, ClusterOptions, RedisOptions } from "ioredis";

/** A Redis Cluster, given by some of its nodes. */
export interface ClusterAddress {
  readonly nodes: readonly ClusterNode[];
  readonly options?: ClusterOptions;
}

/**
 * The address of Redis: a URL, the options of ioredis, which can also name Sentinels, or a cluster.
 *
 * URLs are `redis://host:port`, `redis+sentinel://host:port,host:port/name` (the Sentinels, and their name of
 * the primary) and `redis+cluster://host:port,host:port`. Use `rediss` for TLS, and `user:password@` before
 * the hosts.
 */
export type RedisAddress = string | URL | RedisOptions | ClusterAddress;

/** An address as ioredis takes it. */
export type ClientAddress = Exclude<RedisAddress, URL>;

const MANY_HOSTS = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^/?#]*))?$/;
const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6_379;

/**
 * Parse a URL of several hosts; other addresses are returned unchanged. @throws TypeError for an invalid URL
 */
export function readAddress(address: RedisAddress): ClientAddress {
  if (typeof address !== "string" && !(address instanceof URL)) return address;
  const text = String(address);
  if (!/^rediss?\+/.test(text)) return text;
  const [, scheme, kind, user = "", hosts = "", name = ""] = MANY_HOSTS.exec(text) ?? [];
  if (kind === undefined || (kind === "sentinel") === (name === "")) {
    throw new TypeError(
      "The address must be redis+sentinel://host:port,…/name or redis+cluster://host:port,…",
    );
  }
  const common = { ...credentials(user), ...(scheme === "rediss" && { tls: {} }) };
  if (kind === "cluster") return { nodes: nodesOf(hosts, REDIS_PORT), options: { redisOptions: common } };
  const enableTLSForSentinelMode = scheme === "rediss";
  return { sentinels: nodesOf(hosts, SENTINEL_PORT), name, enableTLSForSentinelMode, ...common };
}

/** Whether an address is a cluster. */
export function isCluster(address: RedisAddress): address is ClusterAddress {
  return typeof address === "object" && "nodes" in address;
}

function nodesOf(hosts: string, defaultPort: number): { host: string; port: number }[] {
  return hosts.split(",").map((text) => {
    const { hostname, port } = new URL(`redis://${text}`);
    return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || defaultPort) };
  });
}

function credentials(user: string): Pick<RedisOptions, "username" | "password"> {
  const [username = "", password] = user.split(":").map(decodeURIComponent);
  return { ...(username !== "" && { username }), ...(password !== undefined && { password }) };
}

import { Cluster, Redis, type RedisOptions } from "ioredis";
import { type ClusterAddress, isCluster, type RedisAddress, readAddress } from "./address.ts";
import { unavailable } from "./failures.ts";

/** A log's connections to Redis: one for commands, and one that receives wake-ups. */
export interface Links {
  readonly commands: Redis | Cluster;
  readonly subscriber: Redis;
}

/**
 * The longest wait for a connection or an answer, in milliseconds. After that the connection counts as dead.
 */
const SILENCE_MS = 5_000;
const MAX_RETRY_MS = 1_000;

/** The options that the log's promises depend on. */
const REQUIRED = {
  lazyConnect: true,
  enableReadyCheck: true,
  replyMapping: "legacy",
  // An interrupted command may have been executed. Only the publisher, who has the key, may retry it.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // Watchers are woken after the resubscription, and ioredis does not report when its own is complete.
  autoResubscribe: false,
} as const;

const DEFAULTS = {
  connectTimeout: SILENCE_MS,
  socketTimeout: SILENCE_MS,
  retryStrategy: retryDelayMs,
  // The primary has become a replica: reconnect, because the name may lead to the new one. No command is
  // retried.
  reconnectOnError: (error: Error) => error.message.includes("READONLY"),
} as const;

/** Jittered, so that the nodes do not reconnect all at once. */
function retryDelayMs(attempt: number): number {
  return Math.random() * Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RETRY_MS);
}

/** Create unconnected clients. The commands report failures of a connection. */
export function createLinks(redisAddress: RedisAddress): Links {
  const address = readAddress(redisAddress);
  if (isCluster(address)) return clusterLinks(address);
  return { commands: createClient(address), subscriber: createClient(address) };
}

/** Connect. @throws ProtocolError `unavailable`, with the reason */
export async function connect({ commands, subscriber }: Links): Promise<void> {
  await connectOne(commands);
  if (commands instanceof Cluster) moveToAnyNode(subscriber, commands);
  await connectOne(subscriber);
}

/** A client of a Redis that is not a cluster. */
export function createClient(address: string | RedisOptions): Redis {
  return quiet(
    typeof address === "string"
      ? new Redis(address, { ...DEFAULTS, ...REQUIRED })
      : new Redis({ ...DEFAULTS, ...address, ...REQUIRED }),
  );
}

/**
 * In a cluster every node forwards what is published at any node, so the subscriber may connect to any one.
 */
function clusterLinks({ nodes, options = {} }: ClusterAddress): Links {
  const redisOptions = { ...DEFAULTS, ...options.redisOptions, ...REQUIRED };
  // An interrupted command cannot be distinguished from one that never started, so it is not retried either.
  const required = { lazyConnect: true, retryDelayOnFailover: 0, redisOptions };
  const retry = { clusterRetryStrategy: retryDelayMs };
  const commands = quiet(new Cluster([...nodes], { ...retry, ...options, ...required }));
  const subscriber = quiet(new Redis({ ...redisOptions, retryStrategy: retryElsewhere }));
  function retryElsewhere(attempt: number): number {
    moveToAnyNode(subscriber, commands);
    return retryDelayMs(attempt);
  }
  return { commands, subscriber };
}

/**
 * Make a client connect to a random cluster node at each connection; ioredis reads its options when it
 * connects.
 */
function moveToAnyNode(client: Redis, cluster: Cluster): void {
  const nodes = cluster.nodes();
  const { host, port } = nodes[Math.floor(Math.random() * nodes.length)]?.options ?? {};
  if (host !== undefined) Object.assign(client.options, { host, port });
}

/** Keep ioredis from logging errors to the console. The commands report them. */
function quiet<T extends Redis | Cluster>(client: T): T {
  client.on("error", () => undefined);
  return client;
}

async function connectOne(client: Redis | Cluster): Promise<void> {
  let cause: unknown; // from an event: `connect` itself only reports that the connection is closed
  const note = (error: unknown): void => {
    cause = error;
  };
  client.on("error", note);
  try {
    await client.connect();
  } catch (error) {
    cause ??= error;
    throw unavailable(`Redis cannot be reached: ${cause instanceof Error ? cause.message : cause}`, cause);
  } finally {
    client.off("error", note);
  }
}

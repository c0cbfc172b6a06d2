import { Cluster, Redis, type RedisOptions } from "ioredis";
import { type ClusterAddress, isCluster, type RedisAddress, readAddress } from "./address.ts";
import { unavailable } from "./failures.ts";

/** What a log needs of Redis: one link for its commands, and one that is told of changes. */
export interface Links {
  readonly commands: Redis | Cluster;
  readonly subscriber: Redis;
}

/** The longest wait for a connection and for an answer, in milliseconds: after it the link counts as dead. */
const SILENCE_MS = 5_000;
const MAX_RETRY_MS = 1_000;

/** What must be so for the log to keep its word. */
const REQUIRED = {
  lazyConnect: true,
  enableReadyCheck: true,
  replyMapping: "legacy",
  // A command that was cut off may have been carried out: only the publisher, who has a key, may send it again.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // Whoever watches is woken after the subscriptions are back, which ioredis does not tell.
  autoResubscribe: false,
} as const;

const DEFAULTS = {
  connectTimeout: SILENCE_MS,
  socketTimeout: SILENCE_MS,
  retryStrategy: retryDelayMs,
  // A primary that has become a replica: the name may lead to the new one by now. Nothing is sent again.
  reconnectOnError: (error: Error) => error.message.includes("READONLY"),
} as const;

/** Jittered, so that the nodes do not come back all at once. */
function retryDelayMs(attempt: number): number {
  return Math.random() * Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RETRY_MS);
}

/** Links that are not connected yet. Failures of a connection are told by the commands that meet them. */
export function createLinks(redisAddress: RedisAddress): Links {
  const address = readAddress(redisAddress);
  if (isCluster(address)) return clusterLinks(address);
  return { commands: createClient(address), subscriber: createClient(address) };
}

/** Connect. @throws ProtocolError `unavailable`, with what kept it from connecting */
export async function connect({ commands, subscriber }: Links): Promise<void> {
  await connectOne(commands);
  if (commands instanceof Cluster) moveToAnyNode(subscriber, commands);
  await connectOne(subscriber);
}

/** One client of a Redis that is no cluster. */
export function createClient(address: string | RedisOptions): Redis {
  return quiet(
    typeof address === "string"
      ? new Redis(address, { ...DEFAULTS, ...REQUIRED })
      : new Redis({ ...DEFAULTS, ...address, ...REQUIRED }),
  );
}

/** In a cluster every node passes on what any of them is told to publish: the subscriber may be at any one. */
function clusterLinks({ nodes, options = {} }: ClusterAddress): Links {
  const redisOptions = { ...DEFAULTS, ...options.redisOptions, ...REQUIRED };
  // Cut off in the middle is not told from never begun: such a command is not sent again either.
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

/** Let a client connect to any node of a cluster from now on; it reads its options when it connects. */
function moveToAnyNode(client: Redis, cluster: Cluster): void {
  const nodes = cluster.nodes();
  const { host, port } = nodes[Math.floor(Math.random() * nodes.length)]?.options ?? {};
  if (host !== undefined) Object.assign(client.options, { host, port });
}

/** Without a listener ioredis writes failures to the console; whose command fails of one is told it. */
function quiet<T extends Redis | Cluster>(client: T): T {
  client.on("error", () => undefined);
  return client;
}

async function connectOne(client: Redis | Cluster): Promise<void> {
  let cause: unknown; // told by an event: `connect` itself says no more than that the connection is closed
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

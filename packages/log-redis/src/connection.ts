import { once } from "node:events";
import { Redis, type RedisOptions } from "ioredis";
import { unavailable } from "./failures.ts";

/** Where Redis is: a URL (`redis://`, `rediss://`), or the options of ioredis, which also name Sentinels. */
export type RedisAddress = string | URL | RedisOptions;

/** The longest wait for a connection and for an answer, in milliseconds: after it the link counts as dead. */
const SILENCE_MS = 5_000;
const MAX_RETRY_MS = 1_000;

/** What must be so for the log to keep its word. */
const REQUIRED = {
  lazyConnect: true,
  // A command that was cut off may have been carried out: only the publisher, who has a key, may send it again.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // Whoever watches is woken after the subscriptions are back, which ioredis does not tell.
  autoResubscribe: false,
  enableReadyCheck: true,
  replyMapping: "legacy",
} as const;

const DEFAULTS = {
  connectTimeout: SILENCE_MS,
  socketTimeout: SILENCE_MS,
  // Jittered, so that the nodes do not come back all at once.
  retryStrategy: (attempt: number) => Math.random() * Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RETRY_MS),
  // A primary that has become a replica: the name may lead to the new one by now. Nothing is sent again.
  reconnectOnError: (error: Error) => error.message.includes("READONLY"),
} as const;

/** A client that is not connected yet. Failures of its connection are told by its commands. */
export function createClient(address: RedisAddress): Redis {
  const client =
    typeof address === "string" || address instanceof URL
      ? new Redis(String(address), { ...DEFAULTS, ...REQUIRED })
      : new Redis({ ...DEFAULTS, ...address, ...REQUIRED });
  client.on("error", () => {
    // Without a listener ioredis writes it to the console; the command that fails of it tells it to who asked.
  });
  return client;
}

/** Connect. @throws ProtocolError `unavailable`, with what kept it from connecting */
export async function connect(client: Redis): Promise<void> {
  const failed = once(client, "error").then(([error]) => error);
  try {
    await client.connect();
  } catch (error) {
    const cause = client.status === "end" ? error : await Promise.race([failed, error]);
    client.disconnect();
    throw unavailable(`Redis cannot be reached: ${(cause as Error).message}`, cause);
  }
}

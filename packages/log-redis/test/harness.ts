import { randomBytes } from "node:crypto";
import { resolveRetention } from "@tidemark/log/parts";
import type { LogHarness, LogUnderTest } from "@tidemark/log-contract";
import type { Redis } from "ioredis";
import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import { createClient, createLinks, type Links } from "../src/connection.ts";
import { Engine, type Scripts } from "../src/engine.ts";
import { type ChannelKeys, Keys } from "../src/keys.ts";
import { RedisLog, type RedisLogOptions } from "../src/redis-log.ts";

/** Redis itself is restarted at the first restart of a log, and again after this many. */
const RESTARTS_OF_REDIS = 8;

const KEY_TTL_MS = 60_000;

/** Parts of the log that a test can replace. */
export interface Parts {
  readonly scripts?: Scripts;
  /** Called with the connections of each log once it is open. */
  readonly opened?: (links: Links) => void;
  readonly graceMs?: number;
}

/** The harness of the log on a real Redis. Each log has its own prefix; all share the server. */
export function redisHarness(server: RedisServer, parts: Parts = {}): LogHarness {
  const { graceMs = 5_000 } = parts;
  return { durable: true, graceMs, create: async () => RedisUnderTest.create(server, parts, randomPrefix()) };
}

/** One of several nodes of the same log. */
export function redisNode(server: RedisServer, prefix: string): Promise<LogUnderTest> {
  return RedisUnderTest.create(server, {}, prefix);
}

function randomPrefix(): string {
  return `test-${randomBytes(8).toString("hex")}`;
}

/** Open a log with some parts replaced. */
export async function openLog(url: string, options: RedisLogOptions, parts: Parts = {}): Promise<RedisLog> {
  const links = createLinks(url);
  const log = new RedisLog(links, options, parts.scripts);
  await log.connect();
  parts.opened?.(links);
  return log;
}

class RedisUnderTest implements LogUnderTest {
  log: RedisLog;
  readonly #server: RedisServer;
  readonly #parts: Parts;
  readonly #options: RedisLogOptions;
  readonly #keys: Keys;
  #redis: Redis;
  #restarts = 0;

  private constructor(server: RedisServer, parts: Parts, options: RedisLogOptions, log: RedisLog) {
    this.#server = server;
    this.#parts = parts;
    this.#options = options;
    this.#keys = new Keys(options.prefix ?? "");
    this.log = log;
    this.#redis = createClient(server.url);
  }

  static async create(server: RedisServer, parts: Parts, prefix: string): Promise<RedisUnderTest> {
    const options: RedisLogOptions = { prefix, keyTtlMs: KEY_TTL_MS };
    return new RedisUnderTest(server, parts, options, await openLog(server.url, options, parts));
  }

  async trim(channel: string, keepLast: number): Promise<void> {
    const { scripts } = this.#parts;
    const engine = new Engine(this.#redis, this.#keys, {
      retention: { ...resolveRetention(), maxMessages: keepLast },
      ...{ keyTtlMs: KEY_TTL_MS, maxRemoved: 100 },
      ...(scripts && { scripts }),
    });
    await engine.read(channel, { epoch: "", id: "end" }, 1, 1);
  }

  async restart(): Promise<RedisLog> {
    await this.log.dispose();
    if (this.#restarts++ % RESTARTS_OF_REDIS === 0) {
      this.#redis.disconnect();
      await this.#server.restart();
      this.#redis = createClient(this.#server.url);
    }
    this.log = await openLog(this.#server.url, this.#options, this.#parts);
    return this.log;
  }

  another(): Promise<RedisLog> {
    return openLog(this.#server.url, this.#options, this.#parts);
  }

  async lose(channel: string, count: number): Promise<void> {
    const epoch = await fallBack(this.#redis, this.#keys.of(channel), count);
    for (const key of await this.#rememberedKeys())
      if ((await this.#redis.get(key))?.startsWith(`${epoch} `)) await this.#redis.del(key);
  }

  async expireKeys(): Promise<void> {
    for (const key of await this.#rememberedKeys()) {
      const ttlMs = await this.#redis.pttl(key);
      if (ttlMs <= 0 || ttlMs > KEY_TTL_MS) throw new Error(`a key is remembered for ${ttlMs} ms`);
      await this.#redis.pexpire(key, 1);
      while ((await this.#redis.exists(key)) === 1);
    }
  }

  async dispose(): Promise<void> {
    this.#redis.disconnect();
    await this.log.dispose();
  }

  async #rememberedKeys(): Promise<string[]> {
    const keys: string[] = [];
    const match = `${this.#options.prefix}:*:key:*`;
    for await (const found of this.#redis.scanStream({ match, count: 1_000 })) keys.push(...found);
    return keys;
  }
}

/** Restore a channel's state before its newest `count` messages. Returns its epoch. */
async function fallBack(redis: Redis, { state }: ChannelKeys, count: number): Promise<string> {
  const [meta, messages] = state;
  const all = await redis.xrange(messages, "-", "+");
  const kept = all.slice(0, all.length - count);
  const [, lost = []] = all[kept.length] ?? [];
  const last = kept.at(-1)?.[0] ?? (await redis.hget(meta, "first")) ?? "";
  // Recreate the stream: XDEL and XSETID would leave deleted ids that are greater than later ones.
  await redis.del(messages);
  for (const [id, fields] of kept) await redis.xadd(messages, id, ...fields);
  const [, lastBytes = ""] = lost[0]?.split(" ") ?? [];
  await redis.hset(meta, { last, lastBytes, closed: "0" });
  return (await redis.hget(meta, "epoch")) ?? "";
}

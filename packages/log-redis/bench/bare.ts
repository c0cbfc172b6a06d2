import { Redis } from "ioredis";
import type { Bare } from "../../log/bench/questions.ts";

interface BareRedis extends Bare {
  close(): void;
}

/**
 * Bare ioredis storing what the log stores: one MULTI that reads the channel's row, adds the messages, sets
 * the row and publishes. The message numbers are counted here, because only one process writes.
 */
export function openTransactions(url: string): BareRedis {
  const redis = new Redis(url);
  const ends = new Map<string, number>();
  return {
    async append(channel, texts) {
      const multi = redis.multi().hmget(`bare:row:${channel}`, "first", "last");
      let end = ends.get(channel) ?? 0;
      for (const text of texts)
        multi.xadd(`bare:${channel}`, `${++end}-1`, "t", "1790000000000", "b", "0", "d", text);
      ends.set(channel, end);
      await multi
        .hset(`bare:row:${channel}`, "last", end, "time", "1790000000000")
        .publish("bare:wake", "")
        .exec();
    },
    read: (channel, from, limit) => readPage(redis, channel, from, limit),
    close: () => redis.disconnect(),
  };
}

/** The minimum: only XADD, in a pipeline for a batch, and one XRANGE from a position. */
export function openStreams(url: string): BareRedis {
  const redis = new Redis(url);
  const ends = new Map<string, number>();
  return {
    async append(channel, texts) {
      const [first = "", ...rest] = texts;
      let end = ends.get(channel) ?? 0;
      ends.set(channel, end + texts.length);
      if (rest.length === 0) return redis.xadd(`plain:${channel}`, `${++end}-1`, "d", first);
      const pipeline = redis.pipeline();
      for (const text of texts) pipeline.xadd(`plain:${channel}`, `${++end}-1`, "d", text);
      return pipeline.exec();
    },
    read: (channel, from, limit) => redis.xrange(`plain:${channel}`, from + 1, "+", "COUNT", limit),
    close: () => redis.disconnect(),
  };
}

/** Read the row, and the entries after a position. */
async function readPage(
  redis: Redis,
  channel: string,
  from: number,
  limit: number,
): Promise<readonly unknown[]> {
  const [, entries] = await Promise.all([
    redis.hmget(`bare:row:${channel}`, "first", "last"),
    redis.xrange(`bare:${channel}`, from + 1, "+", "COUNT", limit),
  ]);
  return entries;
}

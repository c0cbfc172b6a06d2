import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import * as assert from "uvu/assert";
import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import {
  dataAfter,
  drafts,
  failureOf,
  freshPrefix,
  gapReasons,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import { Keys } from "../src/keys.ts";
import type { RedisLog } from "../src/redis-log.ts";
import { openLog, type Parts } from "./harness.ts";

/** A loss of data in Redis, with assertions about what readers get. */
export type Loss = (server: RedisServer, parts?: Parts) => Promise<void>;

const CHANNEL = "news";

async function withLog(
  server: RedisServer,
  parts: Parts | undefined,
  run: (log: RedisLog, redis: Redis, keys: Keys) => Promise<void>,
): Promise<void> {
  const prefix = freshPrefix();
  const log = await openLog(server.url, { prefix }, parts);
  const redis = new Redis(server.url);
  try {
    await run(log, redis, new Keys(prefix));
  } finally {
    redis.disconnect();
    await log.dispose();
  }
}

/** After the loss every position is a gap, and stays one while more is appended than there was. */
async function allGaps(log: RedisLog, lose: () => Promise<unknown>): Promise<void> {
  const positions = await positionsAfter(log, CHANNEL, 5);
  await lose();
  const gaps = positions.map(() => "epoch");
  assert.equal(await gapReasons(log, CHANNEL, positions), gaps);
  for (let number = 1; number <= 8; number++) {
    await log.append(CHANNEL, drafts(number + 100));
    assert.equal(await gapReasons(log, CHANNEL, positions), gaps, `after ${number} appends`);
  }
  assert.is((await dataAfter(log, CHANNEL)).length, 8);
}

/** The position of an unwritten channel is lost too. */
async function flushed(log: RedisLog, redis: Redis): Promise<void> {
  const unwritten = await startOf(log, "unwritten");
  await allGaps(log, () => redis.flushall());
  assert.equal(await gapReasons(log, "unwritten", [unwritten]), ["epoch"]);
}

/** Copy the folder of Redis, append, then restore the copy: the appended messages are lost. */
async function restored(server: RedisServer, log: RedisLog, redis: Redis): Promise<void> {
  const before = await positionsAfter(log, CHANNEL, 5);
  const copy = await mkdtemp(join(tmpdir(), "tidemark-copy-"));
  await redis.bgrewriteaof();
  await until("the file to be rewritten", async () =>
    (await redis.info("persistence")).includes("aof_rewrite_in_progress:0"),
  );
  await cp(server.folder, copy, { recursive: true });
  const lost = (await positionsAfter(log, CHANNEL, 4)).slice(1);
  await server.kill();
  await rm(server.folder, { recursive: true });
  await cp(copy, server.folder, { recursive: true });
  await rm(copy, { recursive: true });
  await server.start();
  await until("the log to work again", async () => (await failureOf(startOf(log, CHANNEL))) === undefined);
  assert.equal(
    await gapReasons(log, CHANNEL, lost),
    lost.map(() => "ahead"),
  );
  for (let number = 1; number <= 8; number++) await log.append(CHANNEL, drafts(number + 100));
  assert.equal(
    await gapReasons(log, CHANNEL, lost),
    lost.map(() => "epoch"),
  );
  assert.equal(await dataAfter(log, CHANNEL, before[4]), [
    "5",
    ...drafts(...range(101, 8)).map(({ json }) => json),
  ]);
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Each loss, by name. */
export const LOSSES: Readonly<Record<string, Loss>> = {
  "everything is flushed": (server, parts) =>
    withLog(server, parts, async (log, redis) => flushed(log, redis)),

  "the messages are gone, and their description is left": (server, parts) =>
    withLog(server, parts, (log, redis, keys) => allGaps(log, () => redis.del(keys.of(CHANNEL).state[1]))),

  "the description is gone, and the messages are left": (server, parts) =>
    withLog(server, parts, (log, redis, keys) => allGaps(log, () => redis.del(keys.of(CHANNEL).state[0]))),

  "somebody trimmed the stream from outside": (server, parts) =>
    withLog(server, parts, (log, redis, keys) =>
      allGaps(log, () => redis.xtrim(keys.of(CHANNEL).state[1], "MAXLEN", 2)),
    ),

  "an older state is restored": (server, parts) =>
    withLog(server, parts, (log, redis) => restored(server, log, redis)),
};

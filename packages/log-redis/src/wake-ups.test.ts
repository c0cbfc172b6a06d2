import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { drafts, follow, freshPrefix, until } from "../../log/test/steps.ts";
import { openLog } from "../test/harness.ts";
import { missedWakeUps } from "../test/missed-wake-ups.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

test("messages published during a lost connection are read after the reconnect", () => missedWakeUps(server));

test("one connection serves a thousand channels, and wakes all after a reconnect", async () => {
  const log = await openLog(server.url, { prefix: freshPrefix() });
  const redis = new Redis(server.url);
  const woken = new Set<string>();
  const names = Array.from({ length: 1_000 }, (_, i) => `channel-${i}`);
  const unwatches = await Promise.all(names.map((name) => log.watch(name, () => woken.add(name))));
  const subscribers = await redis.call("CLIENT", "LIST", "TYPE", "pubsub");
  assert.is(String(subscribers).trim().split("\n").length, 1);
  await redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await until("every watcher to be woken", () => woken.size === names.length);
  woken.clear();
  await log.append("channel-7", drafts(1));
  await until("a wake-up", () => woken.has("channel-7"));
  await Promise.all(unwatches.map((unwatch) => unwatch()));
  assert.equal(await redis.pubsub("CHANNELS"), [], "no subscription is left");
  redis.disconnect();
  await log.dispose();
});

test("two nodes wake each other", async () => {
  const prefix = freshPrefix();
  const [one, two] = [await openLog(server.url, { prefix }), await openLog(server.url, { prefix })];
  const [atOne, atTwo] = [await follow(one, "news"), await follow(two, "news")];
  for (let number = 1; number <= 20; number++) {
    await (number % 2 ? one : two).append("news", drafts(number));
    await until("both", () => atOne.seen.length === number && atTwo.seen.length === number);
  }
  assert.equal(atOne.seen, atTwo.seen);
  for (const part of [atOne, atTwo]) await part.stop();
  for (const log of [one, two]) await log.dispose();
});

test.run();

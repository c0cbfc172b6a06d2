import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import {
  drafts,
  failureOf,
  freshPrefix,
  gapReasons,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import type { RedisAddress } from "./address.ts";
import { RedisLog } from "./redis-log.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

/** An otherwise unused log, and the lines that it reports about its engine. */
async function listened(address: RedisAddress = server.url) {
  const log = await RedisLog.open(address, { prefix: freshPrefix() });
  const said: string[] = [];
  log.onHealth(({ usable, detail }) => said.push(`${usable ? "usable" : "away"}: ${detail}`));
  return { log, said };
}

function assertSaid(said: readonly string[], ...patterns: readonly RegExp[]): void {
  assert.is(said.length, patterns.length, said.join("\n"));
  for (const [i, pattern] of patterns.entries()) assert.match(said[i] ?? "", pattern);
}

test("Redis going away and coming back is reported in one line each, even if nobody reads", async () => {
  const { log, said } = await listened();
  assert.is(log.health().usable, true);
  await server.kill();
  await until("the loss", () => said.length === 1);
  assert.is(log.health().usable, false);
  await server.start();
  await until("the return", () => said.length === 2);
  assertSaid(said, /^away: Redis cannot be reached/, /^usable: Redis can be used again$/);
  assert.is(log.health().usable, true);
  await log.dispose();
  assert.equal(log.health(), { usable: false, detail: "The log is disposed of" });
  assert.is(said.length, 2, "disposing of the log is not reported");
});

test("a silent Redis is reported, even if nobody reads", async () => {
  const { log, said } = await listened({ host: "127.0.0.1", port: server.port, socketTimeout: 200 });
  server.signal("SIGSTOP");
  await until("silence", () => !log.health().usable);
  server.signal("SIGCONT");
  await until("Redis to answer", () => log.health().usable);
  assertSaid(said, /^away: Redis cannot be reached/, /^usable: /);
  await log.dispose();
});

test("a Redis that starts to evict is reported and not used, even without a reconnect", async () => {
  const { log, said } = await listened();
  const redis = new Redis(server.url);
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  await until("a refusal", () => !log.health().usable);
  assert.is(await failureOf(startOf(log, "news")), "unavailable");
  await redis.config("SET", "maxmemory-policy", "noeviction");
  await until("a usable Redis", () => log.health().usable);
  assertSaid(said, /^away: .*noeviction/, /^usable: /);
  await log.append("news", drafts(1));
  redis.disconnect();
  await log.dispose();
});

test("after a flush a log continues without a restart, and every reader gets a gap", async () => {
  const { log, said } = await listened();
  const positions = await positionsAfter(log, "news", 5);
  const redis = new Redis(server.url);
  await redis.flushall();
  assert.equal(
    await gapReasons(log, "news", positions),
    positions.map(() => "epoch"),
  );
  await log.append("news", drafts(6));
  assert.is(log.health().usable, true);
  assert.equal(said, []);
  redis.disconnect();
  await log.dispose();
});

test.run();

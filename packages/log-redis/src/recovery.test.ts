import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  drafts,
  failureOf,
  freshPrefix,
  gapReasons,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import { RedisServer } from "../test/redis-server.ts";
import type { RedisAddress } from "./address.ts";
import { RedisLog } from "./redis-log.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

/** A log, and what it says about its engine: nobody else asks it anything. */
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

test("a Redis that goes away and comes back is told in a line each, while nobody reads", async () => {
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
  assert.is(said.length, 2, "its own end is no news");
});

test("a Redis that says nothing is told, while nobody reads", async () => {
  const { log, said } = await listened({ host: "127.0.0.1", port: server.port, socketTimeout: 200 });
  server.signal("SIGSTOP");
  await until("silence", () => !log.health().usable);
  server.signal("SIGCONT");
  await until("a Redis that speaks", () => log.health().usable);
  assertSaid(said, /^away: Redis cannot be reached/, /^usable: /);
  await log.dispose();
});

test("a Redis that is set to evict is told and not used, without that its link was lost", async () => {
  const { log, said } = await listened();
  const redis = new Redis(server.url);
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  await until("a refusal", () => !log.health().usable);
  assert.is(await failureOf(startOf(log, "news")), "unavailable");
  await redis.config("SET", "maxmemory-policy", "noeviction");
  await until("a fit Redis", () => log.health().usable);
  assertSaid(said, /^away: .*noeviction/, /^usable: /);
  await log.append("news", drafts(1));
  redis.disconnect();
  await log.dispose();
});

test("after a flush a log goes on without a restart, and every reader is told a gap", async () => {
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

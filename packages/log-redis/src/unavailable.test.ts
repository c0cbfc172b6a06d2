import { Redis } from "ioredis";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import {
  ALL_UNAVAILABLE,
  dataAfter,
  drafts,
  failureOf,
  failures,
  freshPrefix,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import { openLog } from "../test/harness.ts";
import { RedisLog } from "./redis-log.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

test("while Redis is down calls are unavailable, and the log works again when it is back", async () => {
  const log = await openLog(server.url, { prefix: freshPrefix() });
  await log.append("news", drafts(1));
  await server.kill();
  assert.equal(await failures(log), ALL_UNAVAILABLE);
  await server.start();
  await until("the log to work again", async () => (await failureOf(startOf(log, "news"))) === undefined);
  assert.equal(await dataAfter(log, "news"), ["1"]);
  await log.dispose();
});

test("while Redis is silent calls are unavailable, and the log works again when it answers", async () => {
  const { port } = server;
  const log = await RedisLog.open({ port, host: "127.0.0.1", socketTimeout: 100 }, { prefix: freshPrefix() });
  await log.append("news", drafts(1));
  server.signal("SIGSTOP");
  assert.equal(await failures(log), ALL_UNAVAILABLE);
  server.signal("SIGCONT");
  await until("the log to work again", async () => (await failureOf(startOf(log, "news"))) === undefined);
  await log.dispose();
});

test("an append whose answer is lost is not retried", async () => {
  const prefix = freshPrefix();
  const proxy = await CuttingProxy.to(server.port, "redis");
  const [log, other] = [await openLog(proxy.url, { prefix }), await openLog(server.url, { prefix })];
  await log.append("news", drafts(1));
  proxy.swallowAnswers();
  const failed = failureOf(log.append("news", drafts(2)));
  await until("the append", async () => (await dataAfter(other, "news")).length === 2);
  proxy.cut();
  assert.is(await failed, "unavailable");
  await until("the log to work again", async () => (await failureOf(startOf(log, "news"))) === undefined);
  assert.equal(await dataAfter(log, "news"), ["1", "2"]);
  await Promise.all([log.dispose(), other.dispose()]);
  await proxy.close();
});

test("a full Redis rejects the whole append, continues to serve reads, and later accepts appends", async () => {
  const log = await openLog(server.url, { prefix: freshPrefix() });
  const redis = new Redis(server.url);
  const [, position = ""] = await positionsAfter(log, "news", 2);
  await redis.config("SET", "maxmemory", "1mb");
  assert.is(await failureOf(log.append("news", drafts(3, 4, 5))), "storage-full");
  assert.equal(await dataAfter(log, "news", position), ["2"]);
  assert.is(await log.remove("news"), true, "space can be freed");
  await redis.config("SET", "maxmemory", "0");
  await log.append("news", drafts(6));
  assert.equal(await dataAfter(log, "news"), ["6"]);
  redis.disconnect();
  await log.dispose();
});

test("a primary that has become a replica does not answer with stale data", async () => {
  const log = await openLog(server.url, { prefix: freshPrefix() });
  const redis = new Redis(server.url);
  await log.append("news", drafts(1));
  await redis.replicaof("127.0.0.1", "1");
  for (const call of [log.read("news", "end", { maxMessages: 1 }), log.append("news", drafts(2))])
    assert.is(await failureOf(call), "unavailable");
  await until(
    "the check of the replica",
    async () => (await failureOf(startOf(log, "news"))) === "unavailable",
  );
  await redis.replicaof("NO", "ONE");
  redis.disconnect();
  await log.dispose();
});

test("a Redis that comes back unsuitable is not used, with the reason", async () => {
  const log = await openLog(server.url, { prefix: freshPrefix() });
  const redis = new Redis(server.url);
  await redis.config("SET", "maxmemory-policy", "allkeys-lru");
  await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  let said = "";
  await until("a rejection", async () => {
    await startOf(log, "news").catch((error: Error) => (said = error.message));
    return said.includes("noeviction");
  });
  await redis.config("SET", "maxmemory-policy", "noeviction");
  await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await until("the log to work again", async () => (await failureOf(startOf(log, "news"))) === undefined);
  redis.disconnect();
  await log.dispose();
});

test.run();

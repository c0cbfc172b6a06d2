import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { failureOf } from "../../log/test/steps.ts";
import { RedisLog } from "./redis-log.ts";
import { faultOf } from "./requirements.ts";

const FIT = { redis_version: "7.0.15", maxmemory_policy: "noeviction", role: "master", cluster_enabled: "0" };

function info(changes: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ ...FIT, ...changes }).map(([name, value]) => `${name}:${value}`);
  return ["# Server", ...lines, ""].join("\r\n");
}

test("a suitable Redis has no fault", () => assert.is(faultOf(info({}), false), undefined));

for (const [changes, said] of [
  [{ maxmemory_policy: "volatile-ttl" }, /volatile-ttl.*noeviction/],
  [{ maxmemory_policy: "" }, /unknown/],
  [{ redis_version: "6.2.14" }, /6\.2\.14.*at least 7/],
  [{ role: "slave" }, /replica/],
  [{ cluster_enabled: "1" }, /name the cluster/],
] as const)
  test(`rejected: ${JSON.stringify(changes)}`, () => assert.match(faultOf(info(changes), false) ?? "", said));

test("with a cluster address, a cluster node is suitable", () =>
  assert.is(faultOf(info({ cluster_enabled: "1" }), true), undefined));

test("a Redis that evicts is rejected at the start, with what to change", async () => {
  const server = await RedisServer.start("--maxmemory-policy", "allkeys-lru");
  try {
    const opening = RedisLog.open(server.url);
    const message = await opening.then(String, (error: Error) => error.message);
    assert.match(message, /maxmemory-policy is allkeys-lru.*set it to noeviction/);
  } finally {
    await server.stop();
  }
});

test("an unreachable Redis is reported with the reason", async () => {
  const message = await RedisLog.open("redis://127.0.0.1:1").then(String, (error: Error) => error.message);
  assert.match(message, /ECONNREFUSED 127\.0\.0\.1:1/);
  assert.is(await failureOf(RedisLog.open("redis://127.0.0.1:1")), "unavailable");
});

test.run();

// The suite on each log, with faults provoked in the log itself: trimmed, lost, restarted.
import type { LogHarness } from "@tidemark/log/contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lmdbHarness } from "../../packages/log-lmdb/test/lmdb-harness.ts";
import { natsHarness } from "../../packages/log-nats/test/harness.ts";
import { NatsServer } from "../../packages/log-nats/test/nats-server.ts";
import { redisHarness } from "../../packages/log-redis/test/harness.ts";
import { RedisServer } from "../../packages/log-redis/test/redis-server.ts";
import { conform } from "../src/logs/conformance.ts";

async function conforms(harness: LogHarness): Promise<void> {
  const { code, output } = await conform(harness);
  assert.is(code, 0, output);
  assert.match(output, /^CONFORMANT .*: (\d+)\/\1 MUST verified$/m, output);
}

test("lmdb", () => conforms(lmdbHarness()));

test("Redis", async () => {
  const server = await RedisServer.start("--appendfsync", "always");
  await conforms(redisHarness(server)).finally(() => server.stop());
});

test("NATS", async () => {
  const server = await NatsServer.start();
  await conforms(natsHarness(server)).finally(() => server.stop());
});

test.run();

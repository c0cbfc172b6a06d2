// Runs the suite on several workers with each log: consecutive requests can reach different workers.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../testing/engines/redis-server.ts";
import { reportOn, violated } from "../src/judge/report.ts";
import { startReference } from "../src/servers.ts";

async function conforms(log: string): Promise<void> {
  const server = await startReference("--workers", "2", "--log", log);
  const report = await reportOn({ url: server.url, seed: 1 }).finally(() => server.close());
  console.log(`two workers, ${log}: ${report.verdict.line}`);
  assert.equal(violated(report), [], report.verdict.line);
  assert.is(report.verdict.exitCode, 0, report.verdict.line);
}

test("two workers conform with a log in memory", () => conforms("memory"));

test("two workers conform with a log on disk", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-workers-"));
  await conforms(`lmdb:${directory}`).finally(() => rm(directory, { recursive: true }));
});

test("two workers conform with a log on Redis", async () => {
  const redis = await RedisServer.start();
  await conforms(`redis://127.0.0.1:${redis.port}`).finally(() => redis.stop());
});

test.run();

import type { RetentionOptions } from "@tidemark/log";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { retentionTests } from "../../log/test/retention.ts";
import { dataAfter, freshPrefix } from "../../log/test/steps.ts";
import { openLog } from "../test/harness.ts";
import type { RedisLog } from "./redis-log.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

async function withLog(retention: RetentionOptions, run: (log: RedisLog) => Promise<void>): Promise<void> {
  const log = await openLog(server.url, { prefix: freshPrefix(), retention });
  await run(log).finally(() => log.dispose());
}

for (const [name, run] of Object.entries(retentionTests(withLog))) test(name, run);

test("a lowered bound is reached in steps", async () => {
  const prefix = freshPrefix();
  const many = Array.from({ length: 1_000 }, (_, i) => ({ json: String(i) }));
  const [before, after] = [
    await openLog(server.url, { prefix }),
    await openLog(server.url, { prefix, retention: { maxMessages: 5 } }),
  ];
  for (let thousands = 0; thousands < 25; thousands++) await before.append("news", many);
  const counts: number[] = [];
  for (let step = 0; step < 3; step++) counts.push((await dataAfter(after, "news")).length);
  assert.equal(counts, [15_000, 5_000, 5]);
  await Promise.all([before.dispose(), after.dispose()]);
});

test.run();

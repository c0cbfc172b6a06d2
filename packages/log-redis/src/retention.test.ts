import type { RetentionOptions } from "@tidemark/log";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { dataAfter, drafts, freshPrefix, gapReasons, positionsAfter, until } from "../../log/test/steps.ts";
import { openLog } from "../test/harness.ts";
import { RedisServer } from "../test/redis-server.ts";
import type { RedisLog } from "./redis-log.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

async function withLog(retention: RetentionOptions, run: (log: RedisLog) => Promise<void>): Promise<void> {
  const log = await openLog(server.url, { prefix: freshPrefix(), retention });
  await run(log).finally(() => log.dispose());
}

test("a channel keeps so many messages, and tells a gap before them", () =>
  withLog({ maxMessages: 3 }, async (log) => {
    const positions = await positionsAfter(log, "news", 5);
    assert.equal(await dataAfter(log, "news"), ["3", "4", "5"]);
    const [zero, first, second] = await gapReasons(log, "news", positions);
    assert.equal([zero, first, second], ["retention", "retention", undefined]);
  }));

test("a channel keeps so many bytes, and the newest in any case", () =>
  withLog({ maxBytes: 10 }, async (log) => {
    for (const size of [4, 4, 4]) await log.append("news", [{ json: "1".repeat(size), event: "e" }]);
    assert.is((await dataAfter(log, "news")).length, 2);
    await log.append("news", [{ json: "1".repeat(50) }]);
    assert.equal(await dataAfter(log, "news"), ["1".repeat(50)]);
    await log.append("news", drafts(2));
    assert.equal(await dataAfter(log, "news"), ["2"]);
  }));

test("a channel keeps its messages for so long", () =>
  withLog({ maxAgeMs: 300 }, async (log) => {
    const positions = await positionsAfter(log, "news", 3);
    assert.is((await dataAfter(log, "news")).length, 3);
    await until("all to be gone", async () => (await dataAfter(log, "news")).length === 0);
    const gaps = ["retention", "retention", "retention", undefined];
    assert.equal(await gapReasons(log, "news", positions), gaps);
    const { cursor } = await log.append("news", drafts(4));
    assert.match(cursor, /\.4\./, "its number goes on");
  }));

test("a bound that was lowered is reached in steps", async () => {
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

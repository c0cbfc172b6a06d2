import type { RetentionOptions } from "@tidemark/log";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { dataAfter, drafts, gapReasons, positionsAfter, until } from "../../log/test/steps.ts";
import { freshStream, withManager } from "../test/harness.ts";
import { NatsServer } from "../test/nats-server.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

async function withLog(
  retention: RetentionOptions,
  run: (log: NatsLog, stream: string) => Promise<void>,
): Promise<void> {
  const stream = freshStream();
  const log = await NatsLog.open(server.url, { stream, retention });
  await run(log, stream).finally(() => log.dispose());
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

test("records that hold nothing any more leave the stream", () =>
  withLog({ maxMessages: 3 }, async (log, stream) => {
    await positionsAfter(log, "news", 200);
    const { state } = await withManager(server, (manager) => manager.streams.info(stream));
    assert.ok(state.messages < 80, `${state.messages} are left of 200`);
    assert.equal(await dataAfter(log, "news"), ["198", "199", "200"]);
  }));

test("a bound that was lowered is reached in steps, and nothing is left out meanwhile", async () => {
  const options = { stream: freshStream() };
  const before = await NatsLog.open(server.url, options);
  const after = await NatsLog.open(server.url, { ...options, retention: { maxMessages: 5 } });
  await positionsAfter(before, "news", 200);
  const counts: number[] = [];
  for (let number = 201; number <= 204; number++) {
    await after.append("news", drafts(number));
    counts.push((await dataAfter(before, "news")).length);
  }
  assert.equal(counts, [137, 74, 11, 5]);
  await Promise.all([before.dispose(), after.dispose()]);
});

test.run();

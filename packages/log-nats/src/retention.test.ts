import type { RetentionOptions } from "@tidemark/log";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { retentionTests } from "../../log/test/retention.ts";
import { dataAfter, drafts, positionsAfter } from "../../log/test/steps.ts";
import { freshStream, withManager } from "../test/harness.ts";
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

for (const [name, run] of Object.entries(retentionTests(withLog))) test(name, run);

test("records without retained messages are purged from the stream", () =>
  withLog({ maxMessages: 3 }, async (log, stream) => {
    await positionsAfter(log, "news", 200);
    const { state } = await withManager(server, (manager) => manager.streams.info(stream));
    assert.ok(state.messages < 80, `${state.messages} are left of 200`);
    assert.equal(await dataAfter(log, "news"), ["198", "199", "200"]);
  }));

test("a lowered bound is reached in steps, and no message is skipped meanwhile", async () => {
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

import type { StreamConfig } from "@nats-io/jetstream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CuttingProxy } from "../../../testing/proxies/cutting-proxy.ts";
import { dataAfter, drafts, failureOf, startOf, until } from "../../log/test/steps.ts";
import { freshStream, withManager } from "../test/harness.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

/** The error code of NATS for a missing stream. */
const STREAM_NOT_FOUND = '"err_code":10059';

/** A log that does not create its streams, with functions that remove a stream and restore it. */
async function withoutCreating(stream: string, url: string) {
  await (await NatsLog.open(server.url, { stream })).dispose();
  const log = await NatsLog.open(url, { stream, createStream: false });
  const remove = (name: string): Promise<StreamConfig & { name: string }> =>
    withManager(server, async (manager) => {
      const { config } = await manager.streams.info(name);
      await manager.streams.delete(name);
      return { ...config, name };
    });
  const restore = async (config: StreamConfig & { name: string }): Promise<void> => {
    await withManager(server, (manager) => manager.streams.add(config));
  };
  return { log, remove, restore };
}

for (const which of ["", "-keys"])
  test(`a call is not refused because <stream>${which} was missing before the call began`, async () => {
    const stream = freshStream();
    const { log, remove, restore } = await withoutCreating(stream, server.url);
    for (let round = 1; round <= 2; round++) {
      const config = await remove(`${stream}${which}`);
      await until("the missing stream", () => !log.health().usable);
      assert.is(await failureOf(startOf(log, "news")), "unavailable");
      await restore(config);
      await log.append("news", drafts(round)); // at once, before the next periodic check
      assert.is(log.health().usable, true);
    }
    await log.dispose();
  });

test("an answer that arrives late does not end calls that began after its question", async () => {
  const stream = freshStream();
  const proxy = await CuttingProxy.to(server.port, "nats");
  const { log, remove, restore } = await withoutCreating(stream, proxy.url);
  const config = await remove(`${stream}-keys`);
  await until("the missing stream", () => !log.health().usable);
  proxy.holdAnswers();
  await until("the answer to the next check", () => proxy.heldAnswers.includes(STREAM_NOT_FOUND));
  await restore(config);
  const appended = failureOf(log.append("news", drafts(1)));
  proxy.releaseAnswers();
  assert.is(await appended, undefined);
  assert.equal(await dataAfter(log, "news"), ["1"]);
  await log.dispose();
  await proxy.close();
});

test.run();

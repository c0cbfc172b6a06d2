import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openLog } from "../test/harness.ts";
import { RedisServer } from "../test/redis-server.ts";
import { dataAfter, failureOf, follow, freshPrefix, until } from "../test/steps.ts";
import type { RedisLog } from "./redis-log.ts";

const KILLS = 8;
const WRITERS = 8;
const ACKNOWLEDGED_PER_KILL = 150;

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

/** Publishes as a client does: until it is acknowledged, each time with the same key. */
async function publish(log: RedisLog, json: string): Promise<void> {
  const key = { id: randomUUID(), digest: json };
  for (let failed: string | undefined = ""; failed !== undefined; ) {
    failed = await failureOf(log.append("news", [{ json }], { key }));
    if (failed === undefined) return;
    assert.is(failed, "unavailable");
    await sleep(10);
  }
}

test("Redis is killed under load: of what was acknowledged nothing is lost, nothing doubled", async () => {
  const prefix = freshPrefix();
  const logs = await Promise.all([1, 2].map(() => openLog(server.url, { prefix })));
  const [one, two] = logs as [RedisLog, RedisLog];
  const readers = [await follow(one, "news"), await follow(two, "news")];
  const acknowledged: string[] = [];
  let isOver = false;
  const writers = Array.from({ length: WRITERS }, async (_, name) => {
    for (let count = 0; !isOver; count++) {
      const json = `"${name}/${count}"`;
      await publish(name % 2 ? one : two, json);
      acknowledged.push(json);
    }
  });
  for (let kill = 1; kill <= KILLS; kill++) {
    await until("progress", () => acknowledged.length >= kill * ACKNOWLEDGED_PER_KILL);
    await server.restart();
  }
  isOver = true;
  await Promise.all(writers);
  const stored = await dataAfter(one, "news");
  assert.is(new Set(stored).size, stored.length, "nothing is doubled");
  assert.equal([...stored].sort(), [...acknowledged].sort(), "what is stored is what was acknowledged");
  for (const { seen, stop } of readers) {
    await until("a reader at the end", () => seen.length >= stored.length);
    assert.equal(seen, stored, "readers see it all, in the order of the log");
    await stop();
  }
  await Promise.all(logs.map((log) => log.dispose()));
});

test.run();

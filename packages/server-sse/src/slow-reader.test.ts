import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readAll } from "../../../testing/logs/drafts.ts";
import { openStream } from "../../../testing/servers/event-source.ts";
import { serving, until } from "../../../testing/servers/serving.ts";
import { sse } from "./sse.ts";

/** Together much more than a loopback connection buffers without a reader, which is about 4 MiB. */
const MESSAGES = 1_000;
const TEXT = "x".repeat(16 * 1024);

/** Publish all messages, in steps small enough for a feed to follow. */
async function publishMany(log: MemoryLog): Promise<void> {
  for (let n = 0; n < MESSAGES; n += 20) {
    const drafts = Array.from({ length: 20 }, (_, index) => ({
      json: JSON.stringify(`${n + index} ${TEXT}`),
    }));
    await log.append("a", drafts);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a reader that falls behind gets every message once, and delays no other reader", async () => {
  const log = new MemoryLog();
  const middleware = sse(log);
  await serving(middleware, async ({ url }) => {
    const slow = await openStream(url("a"));
    const quick = await openStream(url("a"));
    slow.response.pause();
    const quickIds = (async () => {
      const ids: string[] = [];
      for (let next = await quick.event(); next; next = await quick.event())
        if (next.event === "message") ids.push(next.id);
      return ids;
    })();
    await publishMany(log);
    await log.append("a", [], { close: true });
    const expected = (await readAll(log, "a")).map(({ cursor }) => cursor);
    assert.equal(await quickIds, expected);
    assert.is(middleware.stats().streams, 1, "the slow reader is still connected");
    const slowIds = (await slow.rest()).filter(({ event }) => event === "message").map(({ id }) => id);
    assert.equal(slowIds, expected);
  });
});

test("a stream that retention overtakes is ended, and the gap begins at its last id", async () => {
  const log = new MemoryLog({ retention: { maxMessages: 10 } });
  const middleware = sse(log);
  await serving(middleware, async ({ url }) => {
    const slow = await openStream(url("a"));
    slow.response.pause();
    await publishMany(log);
    const events = await slow.rest();
    const ids = events.map(({ id }) => id);
    assert.is(new Set(ids).size, ids.length);
    assert.ok(events.every(({ event }) => event === "message" || event === "$open"));
    assert.ok(events.length < MESSAGES, "retention overtook the reader");
    const refused = await fetch(url("a"), {
      headers: { Accept: "text/event-stream", "Last-Event-ID": ids.at(-1) ?? "" },
    });
    assert.is(refused.status, 410);
    assert.is(((await refused.json()) as { reason: string }).reason, "retention");
  });
});

test("a reader that takes no bytes is cut off after drainTimeoutMs", async () => {
  const log = new MemoryLog();
  const middleware = sse(log, { drainTimeoutMs: 100 });
  await serving(middleware, async ({ url }) => {
    const dead = await openStream(url("a"));
    dead.response.pause();
    await until(() => middleware.stats().feeds === 1, "the stream follows");
    await publishMany(log);
    await until(() => middleware.stats().streams === 0, "it was cut off");
  });
});

test.run();

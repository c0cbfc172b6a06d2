// The total size of an in-memory log, and what it evicts to free space.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ProtocolError } from "@tidemark/protocol";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";
import { MemoryLog } from "./memory-log.ts";
import { createStore } from "./memory-log-options.ts";
import { BEGINNING_BYTES } from "./store/room.ts";

const MB = 1_000_000;
const big = (bytes: number) => [{ json: JSON.stringify("x".repeat(bytes)) }];

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "resolved",
    (error: ProtocolError) => `${error.code} ${error.members.reason ?? ""}`.trim(),
  );
}

test("by default, a log rejects messages before the heap is full", () => {
  const script = fileURLToPath(new URL("../test/fill-memory-log.ts", import.meta.url));
  const run = spawnSync(process.execPath, ["--max-old-space-size=128", ...sources, script], {
    encoding: "utf8",
  });
  assert.is(run.status, 0, run.stderr);
  const [, count] = /^storage-full after (\d+)\n$/.exec(run.stdout) ?? [];
  assert.ok(Number(count) >= 16 && Number(count) <= 64, run.stdout);
});

test("an append beyond `maxBytes` changes nothing, has no retry time, and works after a removal", async () => {
  const log = new MemoryLog({ maxBytes: 3 * MB });
  await log.append("a", big(MB));
  await log.append("b", big(MB));
  const error = await log.append("c", [...big(10), ...big(MB)]).catch((reason: unknown) => reason);
  assert.is((error as ProtocolError).code, "storage-full");
  assert.is((error as ProtocolError).retryAfterS, undefined);
  assert.equal((await log.read("c", "start", { maxMessages: 9 })).messages, []);
  await log.append("c", big(10));
  await log.remove("a");
  await log.append("c", big(MB));
});

test("a channel at its own bound accepts messages when the log is full", async () => {
  const log = new MemoryLog({ maxBytes: MB, retention: { maxMessages: 2 } });
  for (let i = 0; i < 2; i += 1) await log.append("bounded", big(100_000));
  while ((await codeOf(log.append("other", big(99_990)))) === "resolved") {
    await log.remove("other");
    await log.append(`channel ${Math.random()}`, big(99_990));
  }
  for (let i = 0; i < 5; i += 1) await log.append("bounded", big(100_000));
  assert.is(await codeOf(log.append("bounded", big(400_000))), "storage-full");
  assert.is(await codeOf(log.append("new", big(400_000))), "storage-full");
});

test("idempotency keys and channel names count towards `maxBytes`", async () => {
  const log = new MemoryLog({ maxBytes: 100_000 });
  const key = (id: string) => ({ key: { id, digest: "d" } });
  let count = 0;
  while ((await codeOf(log.append("a", [], key(String(count))))) === "resolved") count += 1;
  assert.ok(count > 50 && count < 150, String(count));
  const names = new MemoryLog({ maxBytes: 100_000 });
  for (count = 0; (await codeOf(names.append(`${count}`.padEnd(200), big(1)))) === "resolved"; ) count += 1;
  assert.ok(count > 40 && count < 90, String(count));
});

test("an empty channel without watchers is evicted, and continues at its position", async () => {
  let nowMs = 0;
  const log = new MemoryLog({ maxChannels: 3, retention: { maxAgeMs: 10 }, now: () => nowMs });
  const { cursor: zero } = await log.read("idle", "start", { maxMessages: 1 });
  const { cursor: end } = await log.append("idle", big(1));
  const { cursor: closedEnd } = await log.append("closed", big(1), { close: true });
  await log.watch("watched", () => {});
  await log.append("watched", big(1));
  assert.is(await codeOf(log.append("new", big(1))), "storage-full");
  nowMs = 2_000;
  for (const channel of ["new", "newer"]) await log.append(channel, big(1));
  assert.is(await codeOf(log.append("newest", big(1))), "storage-full", "the watched channel is kept");
  assert.is(await codeOf(log.read("idle", end, { maxMessages: 1 })), "resolved");
  assert.is(await codeOf(log.read("idle", zero, { maxMessages: 1 })), "gap retention");
  assert.is((await log.read("closed", closedEnd, { maxMessages: 1 })).closed, true);
  assert.is(await codeOf(log.append("closed", big(1))), "closed");
  await log.remove("new");
  const { cursor } = await log.append("idle", big(1));
  assert.equal(cursor.split(".").slice(0, 2), [end.split(".")[0], "2"]);
  assert.equal(
    (await log.read("idle", end, { maxMessages: 9 })).messages.map((one) => one.cursor),
    [cursor],
  );
});

test("an evicted channel can be removed, and then its cursors are gaps", async () => {
  let nowMs = 0;
  const log = new MemoryLog({ maxChannels: 1, retention: { maxAgeMs: 10 }, now: () => nowMs });
  const { cursor: end } = await log.append("a", big(1));
  nowMs = 2_000;
  await log.append("b", big(1));
  assert.is(await log.remove("a"), true);
  assert.is(await codeOf(log.read("a", end, { maxMessages: 1 })), "gap epoch");
});

/** Accept a ProtocolError with one of these codes, and rethrow any other error. */
function refusedAs(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ProtocolError && codes.includes(error.code))) throw error;
  };
}

test("after any sequence of writes, expiry and removal, all space is freed", async () => {
  const step = fc.record({
    act: fc.constantFrom("append", "append", "key", "remove", "wait"),
    channel: fc.constantFrom("a", "b", "c"),
    sizes: fc.array(fc.nat(400), { maxLength: 5 }),
    close: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let nowMs = 0;
      const options = {
        ...{ maxBytes: 6_000, maxChannels: 2, maxKeys: 3, keyTtlMs: 3_000, now: () => nowMs },
        retention: { maxMessages: 4, maxBytes: 700, maxAgeMs: 2_000 },
      };
      const store = createStore(options);
      const log = new MemoryLog(options, store);
      for (const { act, channel, sizes, close } of steps) {
        const drafts = sizes.flatMap(big);
        const key = act === "key" ? { key: { id: String(sizes.length), digest: String(sizes) } } : {};
        if (act === "remove") await log.remove(channel);
        else if (act === "wait") nowMs += 1_500;
        else
          await log
            .append(channel, drafts, { ...key, close })
            .catch(refusedAs("storage-full", "closed", "key-reused"));
        assert.ok(store.room.used <= options.maxBytes, `${store.room.used} bytes`);
      }
      for (const channel of ["a", "b", "c"]) await log.remove(channel);
      store.appends.forget(nowMs + options.keyTtlMs);
      assert.ok(store.room.used >= 0 && store.room.used % (BEGINNING_BYTES + 1) === 0, `${store.room.used}`);
    }),
  );
});

test.run();

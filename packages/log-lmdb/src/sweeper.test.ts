import { rm } from "node:fs/promises";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ShareClock } from "../../../tools/runner/share-clock.mjs";
import { temporaryDirectory } from "../test/lmdb-harness.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { LmdbLog, type LmdbLogOptions, openStore } from "./lmdb-log.ts";
import type { LmdbStore } from "./store/lmdb-store.ts";

const GRACE_MS = 10_000;

async function withLog(
  options: LmdbLogOptions,
  run: (
    log: LmdbLog,
    store: LmdbStore,
    reopen: (options: LmdbLogOptions) => Promise<LmdbLog>,
  ) => Promise<void>,
): Promise<void> {
  const directory = await temporaryDirectory();
  const open = async (with_: LmdbLogOptions) => {
    const lock = await DirectoryLock.acquire(directory);
    const store = await openStore(directory, with_);
    return { store, log: new LmdbLog(store, lock, with_) };
  };
  let { log, store } = await open(options);
  try {
    await run(log, store, async (with_) => {
      await log.dispose();
      ({ log, store } = await open(with_));
      return log;
    });
  } finally {
    await log.dispose();
    await rm(directory, { recursive: true });
  }
}

async function data(log: LmdbLog, channel: string): Promise<string[]> {
  const { messages } = await log.read(channel, "start", { maxMessages: 100_000 });
  return messages.map(({ json }) => json);
}

/** Resolves once `isSo` returns true; fails if that takes too long. */
async function comesTrue(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const clock = new ShareClock();
  while (!(await isSo())) {
    assert.ok(clock.ms < GRACE_MS, what);
    await new Promise(setImmediate);
  }
}

function numbers(from: number, to: number): { json: string }[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ json: `${from + i}` }));
}

test("a channel is trimmed to `maxMessages` in steps, and its readers get a gap", () =>
  withLog({ retention: { maxMessages: 3 } }, async (log, store) => {
    const { cursors } = await log.append("a", numbers(1, 2_000));
    await log.append("b", numbers(1, 3));
    await comesTrue("3 are left", async () => (await data(log, "a")).length === 3);
    assert.equal(await data(log, "a"), ["1998", "1999", "2000"]);
    assert.equal(await data(log, "b"), ["1", "2", "3"]);
    const refused = await log.read("a", cursors[0] ?? "", { maxMessages: 1 }).catch((e: ProtocolError) => e);
    assert.is((refused as ProtocolError).members.reason, "retention");
    assert.is((await log.read("a", cursors[1_996] ?? "", { maxMessages: 9 })).messages.length, 3);
    assert.is(store.messages.tagOf(1, 1_997), "________", "dropped messages are deleted");
  }));

test("a channel stays within `maxMessages` during appends", () =>
  withLog({ retention: { maxMessages: 10 } }, async (log) => {
    for (let n = 1; n <= 300; n++) await log.append("a", numbers(n, n));
    await comesTrue("10 are left", async () => (await data(log, "a")).length === 10);
    assert.equal(
      await data(log, "a"),
      numbers(291, 300).map(({ json }) => json),
    );
  }));

test("a channel is trimmed to `maxBytes`, but always keeps the newest message", () =>
  withLog({ retention: { maxBytes: 25 } }, async (log) => {
    await log.append("a", [{ json: '"xxxxxxxx"' }, { json: '"éééé"' }, { json: "1", event: "e23456789" }]);
    await comesTrue("20 bytes are left", async () => (await data(log, "a")).length === 2);
    await log.append("a", [{ json: `"${"x".repeat(100)}"` }]);
    await comesTrue("the newest is left", async () => (await data(log, "a")).length === 1);
    assert.is((await data(log, "a"))[0]?.length, 102);
  }));

test("old messages of idle channels are dropped, including the newest", async () => {
  let nowMs = 1_000_000;
  await withLog({ retention: { maxAgeMs: 1_000 }, now: () => nowMs }, async (log) => {
    const { cursor } = await log.append("a", numbers(1, 700));
    nowMs += 600;
    await log.append("b", numbers(1, 2));
    nowMs += 600;
    await comesTrue("the old ones are gone", async () => (await data(log, "a")).length === 0);
    assert.equal(await data(log, "b"), ["1", "2"]);
    assert.is((await log.read("a", "start", { maxMessages: 1 })).cursor, cursor, "the end is unchanged");
  });
});

test("a lower bound takes effect at the next opening", () =>
  withLog({}, async (log, _, reopen) => {
    await log.append("a", numbers(1, 1_500));
    const again = await reopen({ retention: { maxMessages: 2 } });
    await comesTrue("2 are left", async () => (await data(again, "a")).length === 2);
  }));

test("the messages of a removed channel are deleted, also after reopening", () =>
  withLog({}, async (log, store, reopen) => {
    await log.append("a", numbers(1, 3_000));
    await log.remove("a");
    await comesTrue("all is deleted", () => store.messages.tagOf(1, 3_000) === "________");
    await log.append("a", numbers(1, 3_000));
    await log.remove("a");
    const again = await reopen({});
    await again.append("a", numbers(7, 7));
    assert.equal(await data(again, "a"), ["7"]);
  }));

test("expired keys are forgotten, and beyond `maxKeys` the oldest", async () => {
  let nowMs = 1_000_000;
  await withLog({ keyTtlMs: 1_000, maxKeys: 50, now: () => nowMs }, async (log, store) => {
    for (let id = 0; id < 200; id++) {
      nowMs += 1; // so that the keys have an order of age
      await log.append("a", [], { key: { id: `${id}`, digest: "d" } });
    }
    await comesTrue("50 are left", () => store.keys.size === 50);
    assert.is((await log.append("a", [], { key: { id: "150", digest: "d" } })).replayed, true);
    assert.is((await log.append("a", [], { key: { id: "149", digest: "d" } })).replayed, false);
    nowMs += 1_000;
    await comesTrue("none is left", () => store.keys.size === 0);
  });
});

test("removals beyond `maxRemoved` move the start of unwritten channels, and no old cursor becomes valid", () =>
  withLog({ maxRemoved: 3 }, async (log) => {
    const zero = (await log.read("empty", "start", { maxMessages: 1 })).cursor;
    const dead: [string, string][] = [];
    for (const name of ["a", "b", "c", "d", "a"]) {
      dead.push([name, (await log.append(name, numbers(1, 1))).cursor]);
      assert.is(await log.remove(name), true);
    }
    dead.push(["empty", zero]);
    for (const [name, cursor] of dead) {
      const outcome = await log
        .read(name, cursor, { maxMessages: 1 })
        .catch((error: ProtocolError) => error.code);
      assert.is(outcome, "gap", name);
    }
  }));

test.run();

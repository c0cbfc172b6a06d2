import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { temporaryDirectory } from "../../test/lmdb-harness.ts";
import { channelKey } from "./channel-table.ts";
import { LmdbStore } from "./lmdb-store.ts";

async function withStore(run: (store: LmdbStore) => Promise<void>): Promise<void> {
  const directory = await temporaryDirectory();
  const store = await LmdbStore.open(directory, { durability: "process", maxRemoved: 10, keyTtlMs: 1_000 });
  try {
    await run(store);
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
}

test("a failed transaction stores nothing, and the next one succeeds", () =>
  withStore(async (store) => {
    const key = channelKey("a");
    const state = { ...store.channels.get(key), incarnation: 1 };
    const failure = await store
      .commit(() => {
        store.messages.put(1, 0, [{ json: "1" }], "AAAAAAAA", 0);
        store.channels.put(key, { ...state, endSeq: 1 });
        throw new Error("half-way");
      })
      .catch((error: ProtocolError) => error);
    assert.is(failure?.code, "unavailable");
    assert.match(failure?.message ?? "", "half-way");
    assert.is(store.messages.tagOf(1, 1), "________");
    assert.is(store.channels.get(key).endSeq, 0);
    await store.commit(() => store.channels.put(key, { ...state, endSeq: 2 }));
    assert.is(store.channels.get(key).endSeq, 2);
  }));

test("names that lmdb cannot store are separate channels", () => {
  const names = [
    "a",
    "\ud800",
    "\udfff",
    "\ufffd",
    "x".repeat(501),
    "日".repeat(500),
    "x".repeat(5_000),
    "",
    "=a",
    "#a",
    "\0",
  ];
  assert.is(new Set(names.map(channelKey)).size, names.length);
  for (const name of names) assert.ok(Buffer.byteLength(channelKey(name)) <= 1_501);
});

for (const [what, contents] of [
  ["something else", "x".repeat(10_000)],
  ["truncated", "x"],
] as const) {
  test(`a file that is not a log does not open: ${what}`, async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "data.mdb"), contents);
    const opening = LmdbStore.open(directory, { durability: "process", maxRemoved: 1, keyTtlMs: 1 });
    const failure = await opening.catch((error: Error) => error);
    assert.match((failure as Error).message, "data.mdb is not a log");
    await rm(directory, { recursive: true });
  });
}

test.run();

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { rejection } from "../../../../testing/clients/collect.ts";
import { localStorageStore, memoryStore } from "../index.ts";
import type { CursorStore } from "./cursor-store.ts";
import { fileStore } from "./file-store.ts";

async function keeps(store: CursorStore, again: () => CursorStore): Promise<void> {
  assert.is(await store.load(), undefined);
  await store.save("C1");
  await store.save("C2.with~all-of_it");
  assert.is(await store.load(), "C2.with~all-of_it");
  assert.is(await again().load(), "C2.with~all-of_it");
}

test("memory", async () => {
  const store = memoryStore();
  await keeps(store, () => store);
  assert.is(memoryStore("C7").load(), "C7");
});

test("localStorage", async () => {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage;
  await keeps(localStorageStore("a", storage), () => localStorageStore("a", storage));
  assert.is(localStorageStore("b", storage).load(), undefined);
});

test("a file, replaced atomically", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cursor-"));
  const path = join(folder, "cursor");
  await keeps(fileStore(path), () => fileStore(path));
  assert.equal(await readdir(folder), ["cursor"]);
  await writeFile(path, "");
  assert.is(await fileStore(path).load(), undefined);
  await rm(folder, { recursive: true });
});

test("an unreadable file is an error, not an empty store", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cursor-"));
  const error = (await rejection(Promise.resolve(fileStore(folder).load()))) as NodeJS.ErrnoException;
  assert.is(error.code, "EISDIR");
  await rm(folder, { recursive: true });
});

test.run();

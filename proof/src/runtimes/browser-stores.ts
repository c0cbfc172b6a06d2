// The stores for cursors that only browsers have.
import { indexedDbStore, localStorageStore, subscribe } from "@tidemark/client";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { page, scriptedOrigin } from "../../../testing/servers/scripted-origin.ts";

for (const [name, create] of Object.entries({ localStorageStore, indexedDbStore }))
  test(`${name} keeps the last saved cursor under its key`, async () => {
    const key = crypto.randomUUID();
    const store = create(key);
    assert.is(await store.load(), undefined);
    await store.save("C1");
    await store.save("C2.with~all-of_it");
    assert.is(await store.load(), "C2.with~all-of_it");
    assert.is(await create(key).load(), "C2.with~all-of_it");
    assert.is(await create(crypto.randomUUID()).load(), undefined);
  });

test("a deleted database is opened again, and its deletion does not wait for the store", async () => {
  const name = crypto.randomUUID();
  const store = indexedDbStore("key", name);
  await store.save("C1");
  const deletion = indexedDB.deleteDatabase(name);
  await new Promise((resolve, reject) => {
    deletion.onsuccess = resolve;
    deletion.onerror = reject;
    deletion.onblocked = reject;
  });
  assert.is(await store.load(), undefined);
  await store.save("C2");
  assert.is(await store.load(), "C2");
});

test("a page resumes where an earlier page stopped", async () => {
  const origin = await scriptedOrigin(page(["C1", "C2"]), page(["C3"], { closed: true }));
  const [key, seen]: [string, string[]] = [crypto.randomUUID(), []];
  const follow = () => subscribe(origin.url, { mechanism: "polling", store: indexedDbStore(key) });
  for await (const { cursor } of follow()) {
    seen.push(cursor);
    if (cursor === "C2") break; // C2 is not committed, so it comes again
  }
  for await (const { cursor } of follow()) seen.push(cursor);
  await origin.close();
  assert.equal(seen, ["C1", "C2", "C3"]);
  assert.equal(
    origin.asked.map(({ query }) => query.after),
    ["start", "C1"],
  );
});

test("a database that cannot be opened is an error, not an empty store", async () => {
  const name = crypto.randomUUID();
  const newer = indexedDB.open(name, 2); // as another program would
  await new Promise((resolve) => {
    newer.onsuccess = resolve;
  });
  newer.result.close();
  let error: unknown;
  try {
    await indexedDbStore("key", name).load();
  } catch (thrown) {
    error = thrown;
  }
  assert.is(error instanceof DOMException && error.name, "VersionError");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import { type Origin, page, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { type CursorStore, memoryStore } from "../index.ts";
import { createSubscription } from "../kit.ts";

const threeThenClosed = [page(["C1", "C2", "C3"]), page([], { cursor: "C4", closed: true })];

async function withOrigin(run: (origin: Origin) => Promise<void>): Promise<void> {
  const origin = await scriptedOrigin(...threeThenClosed);
  try {
    await run(origin);
  } finally {
    await origin.close();
  }
}

/** A store that records every save. */
function recordingStore(): CursorStore & { readonly saved: string[] } {
  const saved: string[] = [];
  return { saved, load: () => undefined, save: (cursor) => void saved.push(cursor) };
}

test("asking for the next message commits the one before", () =>
  withOrigin(async ({ url }) => {
    const store = recordingStore();
    const seen: [string, readonly string[]][] = [];
    for await (const { cursor } of createSubscription(pages, url, { store }))
      seen.push([cursor, [...store.saved]]);
    assert.equal(seen, [
      ["C1", []],
      ["C2", ["C1"]],
      ["C3", ["C1", "C2"]],
    ]);
    assert.equal(store.saved, ["C1", "C2", "C3", "C4"]);
  }));

test("break does not commit the message at hand", () =>
  withOrigin(async ({ url }) => {
    const store = recordingStore();
    const subscription = createSubscription(pages, url, { store });
    for await (const { cursor } of subscription) if (cursor === "C2") break;
    assert.equal(store.saved, ["C1"]);
    assert.is(subscription.committed, "C1");
    assert.equal(await subscription.next(), { done: true, value: undefined });
    assert.equal(store.saved, ["C1"]);
  }));

test("throw does not commit the message at hand", () =>
  withOrigin(async ({ url }) => {
    const store = recordingStore();
    try {
      for await (const { cursor } of createSubscription(pages, url, { store }))
        if (cursor === "C2") throw new Error("not handled");
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), "not handled");
    }
    assert.equal(store.saved, ["C1"]);
  }));

test("with manual commits, only what the application commits is stored", () =>
  withOrigin(async ({ url }) => {
    const store = recordingStore();
    const subscription = createSubscription(pages, url, { store, commit: "manual" });
    for await (const message of subscription) if (message.cursor === "C2") await subscription.commit(message);
    assert.equal(store.saved, ["C2"]);
  }));

test("with manual commits, positions received after the last message count as handled once it is committed", () =>
  withOrigin(async ({ url }) => {
    const store = recordingStore();
    const subscription = createSubscription(pages, url, { store, commit: "manual" });
    for await (const message of subscription) if (message.cursor === "C3") await subscription.commit();
    assert.equal(store.saved, ["C3", "C4"]);
  }));

test("the next message is delivered once the one before is stored", () =>
  withOrigin(async ({ url }) => {
    let stored = 0;
    const store: CursorStore = {
      load: () => undefined,
      async save() {
        await new Promise((resolve) => setImmediate(resolve));
        stored += 1;
      },
    };
    const seen: number[] = [];
    for await (const _ of createSubscription(pages, url, { store })) seen.push(stored);
    assert.equal(seen, [0, 1, 2]);
  }));

test("a store that fails ends the subscription", () =>
  withOrigin(async ({ url }) => {
    const store: CursorStore = {
      load: () => undefined,
      save() {
        throw new Error("disk full");
      },
    };
    const subscription = createSubscription(pages, url, { store });
    await subscription.next();
    try {
      await subscription.next();
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), "disk full");
    }
    assert.equal(await subscription.next(), { done: true, value: undefined });
  }));

test("forEach commits when the handler has resolved, and not when it rejects", () =>
  withOrigin(async ({ url }) => {
    const store = recordingStore();
    const handled: string[] = [];
    const ended = createSubscription(pages, url, { store }).forEach(async ({ cursor }) => {
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(store.saved, handled);
      if (cursor === "C3") throw new Error("not handled");
      handled.push(cursor);
    });
    try {
      await ended;
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), "not handled");
    }
    assert.equal(store.saved, ["C1", "C2"]);
  }));

test("a subscription starts at the stored cursor, whatever `after` says", () =>
  withOrigin(async ({ url, asked }) => {
    await collect(createSubscription(pages, url, { store: memoryStore("K9"), after: "end" }), 1);
    assert.is(asked[0]?.query.after, "K9");
  }));

test("with an empty store, a subscription starts at `after`, by default at the start", () =>
  withOrigin(async ({ url, asked }) => {
    await collect(createSubscription(pages, url, { store: memoryStore(), after: "end" }), 1);
    await collect(createSubscription(pages, url), 1);
    assert.equal(
      asked.map(({ query }) => query.after),
      ["end", "start"],
    );
  }));

test("the position of a read from the end is stored before the first message", async () => {
  const store = memoryStore();
  const origin = await scriptedOrigin(page([], { cursor: "C0" }), () => undefined);
  const subscription = createSubscription(pages, origin.url, { store, after: "end" });
  const pending = subscription.next();
  while (origin.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.is(store.load(), "C0");
  await subscription.return();
  await pending;
  await origin.close();
});

test("an invalid stored cursor ends the subscription before the first request", () =>
  withOrigin(async ({ url, asked }) => {
    try {
      await createSubscription(pages, url, { store: memoryStore("not a cursor") }).next();
      assert.unreachable();
    } catch (error) {
      assert.instance(error, TypeError);
    }
    assert.is(asked.length, 0);
  }));

test.run();

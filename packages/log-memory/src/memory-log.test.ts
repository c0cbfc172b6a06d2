import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryLog } from "./memory-log.ts";
import { createStore, type MemoryLogOptions } from "./memory-log-options.ts";

const drafts = (count: number) => Array.from({ length: count }, (_, i) => ({ json: `"${i}"` }));

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => "resolved",
    (error: ProtocolError) => `${error.code} ${error.members.reason ?? ""}`.trim(),
  );
}

async function lengthOf(log: MemoryLog, channel: string): Promise<number> {
  return (await log.read(channel, "start", { maxMessages: 1_000_000 })).messages.length;
}

test("retention by number and bytes is enforced at each append", async () => {
  const byNumber = new MemoryLog({ retention: { maxMessages: 5 } });
  const byBytes = new MemoryLog({ retention: { maxBytes: 12 } });
  for (const log of [byNumber, byBytes]) {
    await log.append("a", drafts(3));
    await log.append("a", drafts(3));
  }
  assert.is(await lengthOf(byNumber, "a"), 5);
  assert.is(await lengthOf(byBytes, "a"), 4);
});

test("retention by age is enforced at each read, without an append", async () => {
  let nowMs = 0;
  const log = new MemoryLog({ retention: { maxAgeMs: 10 }, now: () => nowMs });
  const first = await log.append("a", drafts(1));
  nowMs = 5;
  const second = await log.append("a", drafts(1));
  nowMs = 10;
  assert.is(await lengthOf(log, "a"), 2);
  nowMs = 11;
  assert.is(await lengthOf(log, "a"), 1);
  nowMs = 100;
  assert.is(await codeOf(log.read("a", first.cursor, { maxMessages: 1 })), "gap retention");
  assert.equal(await log.read("a", second.cursor, { maxMessages: 1 }), {
    ...{ messages: [], from: second.cursor, cursor: second.cursor },
    ...{ more: false, closed: false },
  });
});

test("the constructor rejects options that are too small or not a number", () => {
  const wrong: MemoryLogOptions[] = [
    ...[
      { retention: { maxMessages: 0 } },
      { retention: { maxMessages: Number.NaN } },
      { retention: { maxBytes: -1 } },
    ],
    ...[
      { retention: { maxAgeMs: -1 } },
      { keyTtlMs: -1 },
      { maxKeys: 0 },
      { maxChannels: 0 },
      { maxBytes: 0 },
      { maxRemoved: 0 },
    ],
  ];
  for (const options of wrong) {
    assert.throws(
      () => new MemoryLog(options),
      (error: Error) => error instanceof RangeError,
      JSON.stringify(options),
    );
  }
});

test("null turns a bound off", async () => {
  const log = new MemoryLog({ retention: { maxMessages: null, maxBytes: null, maxAgeMs: null } });
  await log.append("a", drafts(100_001));
  assert.is(await lengthOf(log, "a"), 100_001);
});

test("`maxMessages` below 1 is a RangeError", async () => {
  const log = new MemoryLog();
  for (const maxMessages of [0, -1, Number.NaN]) {
    const error = await log.read("a", "start", { maxMessages }).catch((reason: unknown) => reason);
    assert.instance(error, RangeError);
  }
});

test("reading and watching take no space, appending does", async () => {
  const log = new MemoryLog({ maxChannels: 2 });
  for (const channel of ["a", "b", "c", "d"]) {
    await log.read(channel, "start", { maxMessages: 1 });
    await (await log.watch(channel, () => {}))();
    await log.append(channel, []);
  }
  await log.append("a", drafts(1));
  await log.append("b", drafts(1), { close: true });
  const key = { id: "k", digest: "d" };
  assert.is(await codeOf(log.append("c", drafts(1), { key })), "storage-full");
  assert.is(await lengthOf(log, "c"), 0);
  assert.is(await codeOf(log.append("a", drafts(1))), "resolved");
  await log.remove("b");
  assert.is((await log.append("c", drafts(1), { key })).replayed, false);
});

test("with too many removals to remember, readers of empty channels get a gap and others continue", async () => {
  const log = new MemoryLog({ maxRemoved: 2 });
  const { cursor: empty } = await log.read("never written", "start", { maxMessages: 1 });
  const { cursor: kept } = await log.append("kept", drafts(1));
  const zeros: string[] = [];
  for (const channel of ["a", "b", "c"]) {
    zeros.push((await log.read(channel, "start", { maxMessages: 1 })).cursor);
    await log.append(channel, drafts(1));
    assert.is(await codeOf(log.read("never written", empty, { maxMessages: 1 })), "resolved");
    await log.remove(channel);
  }
  assert.is(await codeOf(log.read("never written", empty, { maxMessages: 1 })), "gap epoch");
  assert.is(await codeOf(log.read("kept", kept, { maxMessages: 1 })), "resolved");
  const { cursor: later } = await log.read("never written", "start", { maxMessages: 1 });
  await log.remove("kept");
  assert.is(await codeOf(log.read("never written", later, { maxMessages: 1 })), "resolved");
  for (const [i, channel] of ["a", "b", "c"].entries()) {
    assert.is(await codeOf(log.read(channel, zeros[i] ?? "", { maxMessages: 1 })), "gap epoch");
  }
});

test("beyond `maxKeys` the oldest key is forgotten", async () => {
  const log = new MemoryLog({ maxKeys: 2 });
  const append = (id: string) => log.append("a", drafts(1), { key: { id, digest: "d" } });
  for (const id of ["1", "2", "3"]) await append(id);
  assert.is((await append("2")).replayed, true);
  assert.is((await append("3")).replayed, true);
  assert.is((await append("1")).replayed, false);
});

test("a key is remembered until the last millisecond before it expires", async () => {
  let nowMs = 0;
  const log = new MemoryLog({ keyTtlMs: 100, now: () => nowMs });
  const append = () => log.append("a", drafts(1), { key: { id: "k", digest: "d" } });
  await append();
  nowMs = 99;
  assert.is((await append()).replayed, true);
  nowMs = 100;
  assert.is((await append()).replayed, false);
  nowMs = 199;
  assert.is((await append()).replayed, true);
});

test("each gap has its own reason", async () => {
  const log = new MemoryLog({ retention: { maxMessages: 2 } });
  const { cursors } = await log.append("a", drafts(4));
  const [epoch, , tag] = (cursors[0] ?? "").split(".");
  const reason = (from: string) => codeOf(log.read("a", from, { maxMessages: 1 }));
  assert.is(await reason(cursors[0] ?? ""), "gap retention");
  assert.is(await reason(`${epoch}.5.${tag}`), "gap ahead");
  assert.is(await reason(`${epoch}.3.AAAAAAAA`), "gap epoch");
  assert.is(await reason(`AAAAAAAAAAAA.3.${tag}`), "gap epoch");
  assert.is(await reason("1760000000000-0"), "gap unknown");
});

test("each turn has one wake-up, after the change is readable and before the append resolves", async () => {
  const log = new MemoryLog();
  const seen: string[] = [];
  await log.watch("a", () => {
    seen.push("woken");
    void lengthOf(log, "a").then((length) => seen.push(`read ${length}`));
  });
  await Promise.all([log.append("a", drafts(1)), log.append("a", drafts(2))]);
  seen.push("awaited");
  await lengthOf(log, "a");
  assert.equal(seen.slice(0, 1), ["woken"]);
  assert.equal(seen.filter((event) => event === "woken").length, 1);
  assert.ok(seen.includes("read 3"), seen.join());
  assert.ok(seen.indexOf("woken") < seen.indexOf("awaited"), seen.join());
});

test("an operation without effect wakes nobody", async () => {
  const log = new MemoryLog();
  let count = 0;
  await log.append("a", drafts(1), { close: true });
  const wake = () => {
    count += 1;
  };
  await log.watch("a", wake);
  await log.watch("b", wake);
  await log.append("a", []);
  await log.append("a", [], { close: true });
  await codeOf(log.append("a", drafts(1)));
  await log.remove("b");
  assert.is(count, 0);
  await log.remove("a");
  assert.is(count, 1);
});

test("a pending wake-up does not arrive after disposing", async () => {
  const log = new MemoryLog();
  let count = 0;
  await log.watch("a", () => {
    count += 1;
  });
  await Promise.all([log.append("a", drafts(1)), log.dispose()]);
  assert.is(count, 0);
});

test("an append frees the memory of messages that retention drops, without a read", async () => {
  const options = { retention: { maxMessages: 5 } };
  const store = createStore(options);
  const log = new MemoryLog(options, store);
  await log.append("a", drafts(8));
  assert.is(store.get("a").retained.length, 5);
});

test("a revision changes if and only if the result of a read changes", async () => {
  let nowMs = 0;
  const log = new MemoryLog({ retention: { maxAgeMs: 10 }, now: () => nowMs });
  const seen = new Set([log.revision("a")]);
  const changes: (() => unknown)[] = [
    () => log.append("a", drafts(1)),
    () => (nowMs += 5),
    () => log.append("a", drafts(2)),
    () => (nowMs += 6), // the first is dropped
    () => (nowMs += 6), // and the others
    () => log.append("a", [], { close: true }),
    () => log.remove("a"),
  ];
  const counts: number[] = [];
  for (const change of changes) {
    await change();
    const revision = log.revision("a");
    counts.push(seen.add(revision).size);
    await log.append("b", drafts(1));
    await log.read("a", "start", { maxMessages: 1 });
    assert.is(log.revision("a"), revision);
  }
  assert.equal(counts, [2, 2, 3, 4, 5, 6, 7]);
  await log.dispose();
  assert.is(log.revision("a"), undefined);
});

test.run();

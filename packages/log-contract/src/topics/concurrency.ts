import assert from "node:assert/strict";
import type { Log } from "@tidemark/log";
import type { Cursor, ProtocolError, RawDraft, RawPage } from "@tidemark/protocol";
import { dataAfter, dataOf, numbers, pagesFrom, readAll, startOf } from "../steps.ts";
import { group, type LogTest, type Subject } from "../subject.ts";

const APPENDERS = 40;
const APPENDS = 10;
const BATCH = 3;

function batch(appender: number, append: number): RawDraft[] {
  return Array.from({ length: BATCH }, (_, i) => ({ json: `"${appender}/${append}/${i}"` }));
}

/** Append from many appenders at once, each awaiting its own appends. Returns the cursor of each text. */
async function appendFromMany(log: Log, channel: string): Promise<Map<string, Cursor>> {
  const cursorOf = new Map<string, Cursor>();
  const appender = async (name: number): Promise<void> => {
    for (let append = 0; append < APPENDS; append++) {
      const drafts = batch(name, append);
      const { cursors } = await log.append(channel, drafts);
      for (const [i, { json }] of drafts.entries()) cursorOf.set(json, cursors[i] ?? "");
    }
  };
  await Promise.all(Array.from({ length: APPENDERS }, (_, name) => appender(name)));
  return cursorOf;
}

/** Read page by page until `busy` settles, then once more to the end. */
async function readDuring(log: Log, channel: string, busy: Promise<unknown>): Promise<string[]> {
  let isBusy = true;
  const settle = (): void => {
    isBusy = false;
  };
  busy.then(settle, settle);
  const seen: string[] = [];
  let from = await startOf(log, channel);
  for (let isLast = false; !isLast; ) {
    isLast = !isBusy;
    for await (const page of pagesFrom(log, channel, from, { maxMessages: 7 })) {
      seen.push(...dataOf(page));
      from = page.cursor;
    }
    await new Promise(setImmediate); // let the appenders have a turn
  }
  return seen;
}

const appending = group("concurrency", {
  "concurrent appends are not lost, duplicated or split": async ({ log }, channel) => {
    const cursorOf = await appendFromMany(log, channel);
    const { messages } = await readAll(log, channel);
    assert.equal(messages.length, APPENDERS * APPENDS * BATCH);
    for (const { json, cursor } of messages) assert.equal(cursor, cursorOf.get(json));
    const order = messages.map(({ json }) => json.slice(1, -1).split("/").map(Number));
    const lastOf = new Map<number, number>();
    for (const [index, [appender = -1, append = -1, i = -1]] of order.entries()) {
      assert.equal(i, index % BATCH, "a batch is contiguous and in order");
      assert.ok(append >= (lastOf.get(appender) ?? 0), "each appender's appends are in order");
      lastOf.set(appender, append);
    }
  },

  "concurrent readers see the same order": async ({ log }, channel) => {
    const busy = appendFromMany(log, channel);
    const reading = [1, 2, 3].map(() => readDuring(log, channel, busy));
    const [readers] = await Promise.all([Promise.all(reading), busy]);
    const order = await dataAfter(log, channel);
    for (const seen of readers) assert.deepEqual(seen, order);
  },

  "every read that starts after an append sees it": async ({ log }, channel) => {
    const appender = async (name: number): Promise<void> => {
      for (let append = 0; append < APPENDS; append++) {
        const { cursor } = await log.append(channel, batch(name, append));
        const page = await readAll(log, channel);
        assert.ok(
          page.messages.some((message) => message.cursor === cursor),
          "the read sees the append",
        );
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => appender(name)));
  },

  "an append that races with a removal is entirely before or after it": async ({ log }, channel) => {
    for (let round = 0; round < 10; round++) {
      const appends = Array.from({ length: 6 }, (_, name) => log.append(channel, batch(name, round)));
      const [appended] = await Promise.all([Promise.all(appends), log.remove(channel)]);
      const { messages } = await readAll(log, channel);
      const left = new Set(messages.map(({ cursor }) => cursor));
      for (const { cursors } of appended) {
        const kept = cursors.filter((cursor) => left.delete(cursor)).length;
        assert.ok(kept === 0 || kept === BATCH, `${kept} of a batch of ${BATCH} are left`);
      }
      assert.equal(left.size, 0, "the remaining messages were appended in this round");
      await log.remove(channel);
    }
  },
});

/** Read a page from a position; after a gap, continue from the start that the error reports. */
async function readOrSkip(
  log: Log,
  channel: string,
  from: Cursor,
): Promise<{ page?: RawPage; from: Cursor }> {
  try {
    const page = await log.read(channel, from, { maxMessages: 7 });
    return { page, from: page.cursor };
  } catch (error) {
    const { code, members } = error as ProtocolError;
    if (code !== "gap") throw error;
    return { from: String(members.start) };
  }
}

async function readWhileTrimming(subject: Subject, channel: string): Promise<void> {
  const { log } = subject;
  let from = await startOf(log, channel);
  let next = 1;
  let skipped = false;
  for (let appended = 0; appended < 200; appended += 10) {
    await log.append(channel, numbers(10, appended + 1));
    const [read] = await Promise.all([readOrSkip(log, channel, from), subject.trim(channel, 5)]);
    for (const json of read.page ? dataOf(read.page) : []) {
      if (!skipped) assert.equal(json, String(next), "no message is skipped without a gap");
      next = Number(json) + 1;
      skipped = false;
    }
    if (read.page === undefined) skipped = true;
    ({ from } = read);
  }
}

const trimming = group("concurrency", { "a reader overtaken by trimming gets a gap": readWhileTrimming }, [
  "trim",
]);

export const concurrency: readonly LogTest[] = [...appending, ...trimming];

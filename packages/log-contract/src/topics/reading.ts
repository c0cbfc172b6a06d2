import assert from "node:assert/strict";
import {
  appendEach,
  dataAfter,
  dataOf,
  endOf,
  numbers,
  pagesFrom,
  readAll,
  startOf,
  texts,
} from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const reading: readonly LogTest[] = group("reading", {
  "an unwritten channel is empty, open and has one position": async ({ log }, channel) => {
    const empty = await log.read(channel, "start", { maxMessages: 1 });
    assert.deepEqual(empty, {
      messages: [],
      from: empty.from,
      cursor: empty.from,
      more: false,
      closed: false,
    });
    assert.deepEqual(await log.read(channel, "end", { maxMessages: 1 }), empty);
    assert.deepEqual(await log.read(channel, empty.cursor, { maxMessages: 1 }), empty);
  },

  "the empty channel's cursor stays valid when messages arrive": async ({ log }, channel) => {
    const start = await startOf(log, channel);
    for (let count = 1; count <= 12; count++) {
      await log.append(channel, numbers(1, count));
      assert.deepEqual(await dataAfter(log, channel, start), texts(count));
    }
    assert.equal(await startOf(log, channel), start);
  },

  "a read from a cursor returns exactly what was appended after it": async ({ log }, channel) => {
    const first = await log.append(channel, numbers(8));
    const cursors = [...first.cursors, ...(await appendEach(log, channel, numbers(4, 9)))];
    cursors.push(...(await log.append(channel, numbers(100, 13))).cursors);
    for (const [index, cursor] of cursors.entries()) {
      const page = await readAll(log, channel, cursor);
      assert.deepEqual(dataOf(page), texts(112 - index - 1, index + 2), `after message ${index + 1}`);
      assert.equal(page.from, cursor);
    }
  },

  "a read from `end` returns its cursor and no messages, and later messages follow it": async (
    { log },
    channel,
  ) => {
    const { cursor } = await log.append(channel, numbers(3));
    const page = await log.read(channel, "end", { maxMessages: 10 });
    assert.deepEqual(page, { messages: [], from: cursor, cursor, more: false, closed: false });
    assert.deepEqual(await log.read(channel, cursor, { maxMessages: 10 }), page);
    await log.append(channel, numbers(2, 4));
    assert.deepEqual(await dataAfter(log, channel, page.cursor), texts(2, 4));
  },

  "pages of every size add up, and `more` is true iff another follows": async ({ log }, channel) => {
    const { cursors } = await log.append(channel, numbers(12));
    for (const maxMessages of [1, 2, 5, 11, 12, 13]) {
      const seen: string[] = [];
      for await (const page of pagesFrom(log, channel, "start", { maxMessages })) {
        const count = page.messages.length;
        assert.ok(count >= 1 && count <= maxMessages, `${count} messages, at most ${maxMessages}`);
        seen.push(...dataOf(page));
        assert.equal(page.cursor, cursors[seen.length - 1]);
        assert.equal(page.more, seen.length < 12, `maxMessages ${maxMessages}, after ${seen.length}`);
      }
      assert.deepEqual(seen, texts(12));
    }
  },

  "a page stays within `maxBytes` unless it is a single message": async ({ log }, channel) => {
    const drafts = [10, 10, 10, 500, 10].map((size, i) => ({ json: `"${String(i).repeat(size - 2)}"` }));
    await log.append(channel, drafts);
    const sizes: number[][] = [];
    for await (const page of pagesFrom(log, channel, "start", { maxMessages: 100, maxBytes: 25 })) {
      sizes.push(dataOf(page).map((json) => json.length));
    }
    assert.deepEqual(sizes.flat(), [10, 10, 10, 500, 10]);
    for (const page of sizes) {
      assert.ok(page.length === 1 || page.reduce((sum, size) => sum + size) <= 25, `a page of ${page}`);
    }
  },

  "bytes are counted as UTF-8": async ({ log }, channel) => {
    await log.append(channel, [{ json: '"ééé"' }, { json: '"💥💥💥"' }, { json: '"x"' }]);
    const page = await log.read(channel, "start", { maxMessages: 100, maxBytes: 21 });
    assert.deepEqual(dataOf(page), ['"ééé"']);
    assert.equal(page.more, true);
  },

  "reading a position again returns the same page": async ({ log }, channel) => {
    const { cursors } = await log.append(channel, numbers(12));
    for (const from of ["start", "end", ...cursors] as const) {
      const [one, two] = [await readAll(log, channel, from), await readAll(log, channel, from)];
      assert.deepEqual(one, two);
    }
  },

  "later appends do not change a returned page": async ({ log }, channel) => {
    await log.append(channel, numbers(3));
    const page = await readAll(log, channel);
    const copy = structuredClone(page);
    await log.append(channel, numbers(3, 4));
    assert.deepEqual(page, copy);
    assert.notEqual(await endOf(log, channel), page.cursor);
  },

  "a reader at the end continues while others read from the start": async ({ log }, channel) => {
    let from = await endOf(log, channel);
    for (let count = 1; count <= 15; count++) {
      await log.append(channel, numbers(1, count));
      await readAll(log, channel, "start");
      const page = await readAll(log, channel, from);
      assert.deepEqual(dataOf(page), [String(count)]);
      from = page.cursor;
    }
  },
});

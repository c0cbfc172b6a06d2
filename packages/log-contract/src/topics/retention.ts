import assert from "node:assert/strict";
import {
  appendEach,
  dataAfter,
  dataOf,
  endOf,
  isGap,
  numbers,
  readAll,
  refusedAppend,
  startOf,
  texts,
} from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const retention: readonly LogTest[] = group(
  "retention",
  {
    "a position is valid iff no message after it was dropped": async (subject, channel) => {
      const { log } = subject;
      const zero = await startOf(log, channel);
      const cursors = [zero, ...(await appendEach(log, channel, numbers(15)))];
      for (const keep of [15, 14, 7, 6, 1]) {
        await subject.trim(channel, keep);
        for (const [index, cursor] of cursors.entries()) {
          if (index < 15 - keep) await isGap(log, channel, cursor);
          else assert.deepEqual(await dataAfter(log, channel, cursor), texts(15 - index, index + 1));
        }
      }
    },

    "a read from `start` returns all retained messages and the position before them": async (
      subject,
      channel,
    ) => {
      const { log } = subject;
      const { cursors } = await log.append(channel, numbers(12));
      await subject.trim(channel, 3);
      const page = await readAll(log, channel);
      assert.deepEqual(dataOf(page), texts(3, 10));
      assert.equal(page.from, cursors[8], "the position just before the oldest retained message");
    },

    "when all messages are dropped, the end is the only valid position": async (subject, channel) => {
      const { log } = subject;
      const [first = "", , last = ""] = await appendEach(log, channel, numbers(3));
      await subject.trim(channel, 0);
      const empty = { messages: [], from: last, cursor: last, more: false, closed: false };
      for (const from of ["start", "end", last]) assert.deepEqual(await readAll(log, channel, from), empty);
      await isGap(log, channel, first);
    },

    "when all messages are dropped, appends continue after them": async (subject, channel) => {
      const { log } = subject;
      const before = await appendEach(log, channel, numbers(3));
      await subject.trim(channel, 0);
      const after = await appendEach(log, channel, numbers(4, 4));
      assert.equal(new Set([...before, ...after]).size, 7, "no cursor is issued twice");
      assert.deepEqual(await dataAfter(log, channel, before[2]), texts(4, 4));
      await isGap(log, channel, before[1] ?? "");
      assert.deepEqual(await dataAfter(log, channel, after[1]), texts(2, 6));
    },

    "a reader that falls behind gets a gap, one that keeps up does not": async (subject, channel) => {
      const { log } = subject;
      await log.append(channel, numbers(10));
      const slow = await log.read(channel, "start", { maxMessages: 2 });
      const quick = await log.read(channel, "start", { maxMessages: 8 });
      await subject.trim(channel, 4);
      await isGap(log, channel, slow.cursor);
      assert.deepEqual(await dataAfter(log, channel, quick.cursor), texts(2, 9));
    },

    "retention does not affect closing, the end or other channels": async (subject, channel) => {
      const { log } = subject;
      const other = `${channel}-other`;
      await log.append(other, numbers(3));
      const { cursor } = await log.append(channel, numbers(3), { close: true });
      await subject.trim(channel, 0);
      assert.deepEqual(await readAll(log, channel, cursor), {
        ...{ messages: [], from: cursor, cursor },
        ...{ more: false, closed: true },
      });
      await refusedAppend("closed", log, channel, numbers(1));
      assert.deepEqual(await dataAfter(log, other), texts(3));
    },

    "appending after the end works as before": async (subject, channel) => {
      const { log } = subject;
      await log.append(channel, numbers(3));
      await subject.trim(channel, 0);
      const end = await endOf(log, channel);
      await log.append(channel, numbers(1, 4), { after: end });
      await refusedAppend("not-at-end", log, channel, numbers(1, 5), { after: end });
    },

    "a key is remembered after its messages are dropped": async (subject, channel) => {
      const { log } = subject;
      const key = { id: "k", digest: "d" };
      const first = await log.append(channel, numbers(3), { key });
      await subject.trim(channel, 0);
      assert.deepEqual(await log.append(channel, numbers(3), { key }), { ...first, replayed: true });
      assert.deepEqual(await dataAfter(log, channel), []);
    },
  },
  ["trim"],
);

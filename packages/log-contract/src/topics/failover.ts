import assert from "node:assert/strict";
import { appendEach, dataAfter, isGap, numbers, readAll, refusedAppend, startOf, texts } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const failover: readonly LogTest[] = group(
  "failover",
  {
    "a cursor of a lost message is a gap": async (subject, channel) => {
      const { log } = subject;
      const cursors = await appendEach(log, channel, numbers(12));
      await subject.lose(channel, 3);
      for (const cursor of cursors.slice(9)) await isGap(log, channel, cursor);
      assert.deepEqual(await dataAfter(log, channel, cursors[8]), []);
    },

    "it stays a gap when more messages are appended than were lost": async (subject, channel) => {
      const { log } = subject;
      const cursors = await appendEach(log, channel, numbers(12));
      await subject.lose(channel, 3);
      for (let count = 1; count <= 8; count++) {
        await log.append(channel, numbers(1, 100 + count));
        for (const cursor of cursors.slice(9)) await isGap(log, channel, cursor);
      }
    },

    "it stays a gap when the same messages are appended again": async (subject, channel) => {
      const { log } = subject;
      await log.append(channel, numbers(5));
      const lost = await log.append(channel, numbers(5, 6));
      await subject.lose(channel, 5);
      const again = await log.append(channel, numbers(5, 6));
      for (const cursor of lost.cursors) await isGap(log, channel, cursor);
      assert.deepEqual(await dataAfter(log, channel, again.cursors[1]), texts(3, 8));
    },

    "a reader before the lost messages continues with the new ones": async (subject, channel) => {
      const { log } = subject;
      const cursors = [await startOf(log, channel), ...(await appendEach(log, channel, numbers(9)))];
      await subject.lose(channel, 4);
      await log.append(channel, numbers(6, 100));
      for (const [index, cursor] of cursors.slice(0, 6).entries()) {
        const expected = [...texts(5 - index, index + 1), ...texts(6, 100)];
        assert.deepEqual(await dataAfter(log, channel, cursor), expected);
      }
    },

    "in a partly lost batch, only the cursors of the lost part are gaps": async (subject, channel) => {
      const { log } = subject;
      const { cursors } = await log.append(channel, numbers(6));
      await subject.lose(channel, 2);
      await log.append(channel, numbers(4, 100));
      for (const cursor of cursors.slice(4)) await isGap(log, channel, cursor);
      assert.deepEqual(await dataAfter(log, channel, cursors[3]), texts(4, 100));
    },

    "an append after a lost end is rejected": async (subject, channel) => {
      const { log } = subject;
      const cursors = await appendEach(log, channel, numbers(5));
      await subject.lose(channel, 1);
      const after = cursors[4] ?? "";
      await refusedAppend("not-at-end", log, channel, numbers(1), { after });
      await log.append(channel, numbers(1));
      await refusedAppend("not-at-end", log, channel, numbers(1), { after });
    },

    "when everything is lost, only the start is valid": async (subject, channel) => {
      const { log } = subject;
      const zero = await startOf(log, channel);
      const cursors = await appendEach(log, channel, numbers(3));
      await subject.lose(channel, 3);
      assert.deepEqual((await readAll(log, channel, zero)).messages, []);
      await appendEach(log, channel, numbers(5, 100));
      for (const cursor of cursors) await isGap(log, channel, cursor);
      assert.deepEqual(await dataAfter(log, channel, zero), texts(5, 100));
    },
  },
  ["lose"],
);

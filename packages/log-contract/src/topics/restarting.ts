import assert from "node:assert/strict";
import {
  appendEach,
  dataAfter,
  isGap,
  numbers,
  readAll,
  refused,
  sameAnswer,
  startOf,
  texts,
} from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const restarting: readonly LogTest[] = group(
  "restarting",
  {
    "an earlier cursor continues as before or is a gap": async (subject, channel) => {
      const cursors = [
        await startOf(subject.log, channel),
        ...(await appendEach(subject.log, channel, numbers(12))),
      ];
      await subject.restart();
      const { log } = subject;
      const check = async (length: number): Promise<void> => {
        for (const [index, cursor] of cursors.entries()) {
          if (subject.durable)
            assert.deepEqual(await dataAfter(log, channel, cursor), texts(length - index, index + 1));
          else await isGap(log, channel, cursor);
        }
      };
      await check(12);
      // Append as many again, so that a restarted sequence passes every old position.
      for (let count = 13; count <= 26; count++) {
        await log.append(channel, numbers(1, count));
        await check(count);
      }
    },

    "no cursor is issued twice": async (subject, channel) => {
      const seen: string[] = [];
      for (let round = 0; round < 3; round++) {
        seen.push(...(await appendEach(subject.log, channel, numbers(4))));
        await subject.restart();
      }
      assert.equal(new Set(seen).size, 12);
    },

    "the channel is either complete or gone": async (subject, channel) => {
      const zero = await startOf(subject.log, channel);
      await subject.log.append(channel, numbers(3), { close: true });
      const before = await readAll(subject.log, channel);
      await subject.restart();
      const after = await readAll(subject.log, channel);
      if (subject.durable) assert.deepEqual(after, before);
      else assert.deepEqual([after.messages, after.closed, after.cursor === zero], [[], false, false]);
    },

    "a key is remembered as long as its messages": async (subject, channel) => {
      const key = { id: "k", digest: "d" };
      const first = await subject.log.append(channel, numbers(2), { key });
      await subject.restart();
      const second = await subject.log.append(channel, numbers(2), { key });
      if (subject.durable) sameAnswer(second, first);
      else assert.equal(second.replayed, false);
      assert.deepEqual(await dataAfter(subject.log, channel), texts(2));
    },

    "a removed channel stays removed": async (subject, channel) => {
      const cursors = [
        await startOf(subject.log, channel),
        ...(await appendEach(subject.log, channel, numbers(3))),
      ];
      await subject.log.remove(channel);
      await subject.restart();
      for (const cursor of cursors) await isGap(subject.log, channel, cursor);
      await appendEach(subject.log, channel, numbers(4));
      for (const cursor of cursors) await isGap(subject.log, channel, cursor);
    },

    "the former log rejects appends": async (subject, channel) => {
      const former = subject.log;
      await former.append(channel, numbers(1));
      await subject.restart();
      await refused("unavailable", former.append(channel, numbers(1)));
    },
  },
  ["restart"],
);

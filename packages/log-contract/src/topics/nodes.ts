import assert from "node:assert/strict";
import type { Log } from "@tidemark/log";
import {
  appendEach,
  dataAfter,
  endOf,
  isGap,
  numbers,
  readAll,
  refused,
  refusedAppend,
  startOf,
  texts,
} from "../steps.ts";
import { group, type LogTest, type Subject } from "../subject.ts";
import { WakeUpReader } from "../wake-up-reader.ts";

const NODES = 3;
const APPENDS = 20;

/** The same log opened by three nodes. */
async function nodesOf(subject: Subject): Promise<readonly [Log, Log, Log]> {
  return [subject.log, await subject.another(), await subject.another()];
}

export const nodes: readonly LogTest[] = group(
  "nodes",
  {
    "an append at one node is readable at the others at once, with the same cursors": async (
      subject,
      channel,
    ) => {
      const logs = await nodesOf(subject);
      const zeros = await Promise.all(logs.map((log) => startOf(log, channel)));
      assert.equal(new Set(zeros).size, 1, "an unwritten channel has the same start on every node");
      for (let count = 1; count <= 6; count++) {
        const { cursor } = await (logs[count % NODES] ?? logs[0]).append(channel, numbers(1, count));
        const pages = await Promise.all(logs.map((log) => readAll(log, channel)));
        for (const page of pages) assert.deepEqual(page, { ...pages[0], cursor });
        assert.equal(pages[0]?.messages.length, count);
      }
    },

    "concurrent appends at all nodes are not lost, duplicated or split, and have one order": async (
      subject,
      channel,
    ) => {
      const logs = await nodesOf(subject);
      const appended = logs.map(async (log, node) => {
        const cursors: string[] = [];
        for (let i = 0; i < APPENDS; i++)
          cursors.push(...(await log.append(channel, numbers(2, 1_000 * node + 2 * i))).cursors);
        return cursors;
      });
      const own = await Promise.all(appended);
      const pages = await Promise.all(logs.map((log) => readAll(log, channel)));
      for (const page of pages) assert.deepEqual(page, pages[0]);
      const { messages = [] } = pages[0] ?? {};
      assert.equal(messages.length, NODES * APPENDS * 2);
      for (const [node, cursors] of own.entries()) {
        const mine = messages.filter(({ json }) => Math.trunc(Number(json) / 1_000) === node);
        assert.deepEqual(
          mine.map(({ cursor, json }) => ({ cursor, json })),
          cursors.map((cursor, i) => ({ cursor, json: String(1_000 * node + i) })),
        );
      }
      for (const [index, { json }] of messages.entries())
        assert.equal(Number(json) % 2, index % 2, "a batch is contiguous and in order");
    },

    "of several appends after the same end, one is stored": async (subject, channel) => {
      const logs = await nodesOf(subject);
      for (let round = 0; round < 5; round++) {
        const after = await endOf(subject.log, channel);
        const attempts = logs.map((log, node) => log.append(channel, numbers(1, node), { after }));
        const outcomes = await Promise.allSettled(attempts);
        assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
        for (const attempt of attempts.filter((_, node) => outcomes[node]?.status === "rejected"))
          await refused("not-at-end", attempt);
        assert.equal((await readAll(subject.log, channel, after)).messages.length, 1);
      }
    },

    "a key sent to all nodes at once is stored once, with the same answer everywhere": async (
      subject,
      channel,
    ) => {
      const logs = await nodesOf(subject);
      for (let round = 1; round <= 5; round++) {
        const key = { id: `key-${round}`, digest: "digest" };
        const answers = await Promise.all(logs.map((log) => log.append(channel, numbers(2, round), { key })));
        assert.equal(answers.filter(({ replayed }) => !replayed).length, 1, "exactly one append stored it");
        for (const answer of answers)
          assert.deepEqual({ ...answer, replayed: true }, { ...answers[0], replayed: true });
        assert.equal((await readAll(subject.log, channel)).messages.length, 2 * round);
      }
    },

    "a key stored at one node is rejected with another body at the others": async (subject, channel) => {
      const [one, two] = await nodesOf(subject);
      await one.append(channel, numbers(1), { key: { id: "k", digest: "a" } });
      await refusedAppend("key-reused", two, channel, numbers(1, 2), { key: { id: "k", digest: "b" } });
    },

    "a reader at one node that relies on wake-ups misses nothing from the others": async (
      subject,
      channel,
    ) => {
      const logs = await nodesOf(subject);
      const [one, two, three] = logs;
      const from = await startOf(one, channel);
      const readers = await Promise.all(logs.map((log) => WakeUpReader.start(log, channel, from)));
      for (let count = 1; count <= 12; count++) {
        await (count % 2 ? two : three).append(channel, numbers(1, count));
        for (const reader of readers) await reader.reaches(count, subject);
      }
      await Promise.all(logs.map((log, node) => log.append(channel, numbers(5, 100 * node))));
      for (const reader of readers) await reader.reaches(27, subject);
      for (const { seen } of readers) assert.deepEqual(seen, await dataAfter(one, channel));
      await Promise.all(readers.map((reader) => reader.stop()));
    },

    "closing or removing at one node wakes watchers at another": async (subject, channel) => {
      const [one, two] = await nodesOf(subject);
      await one.append(channel, numbers(1));
      const changes = [() => one.append(channel, [], { close: true }), () => one.remove(channel)];
      for (const change of changes) {
        let wake = (): void => {};
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const unwatch = await two.watch(channel, wake);
        await change();
        await subject.within("a wake-up of another node", woken);
        await unwatch();
      }
    },

    "a channel closed or removed at one node is closed or removed at every node": async (
      subject,
      channel,
    ) => {
      const [one, two, three] = await nodesOf(subject);
      const cursors = [await startOf(one, channel), ...(await appendEach(one, channel, numbers(3)))];
      await two.append(channel, [], { close: true });
      await refusedAppend("closed", three, channel, numbers(1));
      assert.equal(await three.remove(channel), true);
      assert.equal(await one.remove(channel), false);
      for (const log of [one, two, three]) for (const cursor of cursors) await isGap(log, channel, cursor);
      await appendEach(two, channel, numbers(4));
      for (const cursor of cursors) await isGap(one, channel, cursor);
      assert.deepEqual(await dataAfter(one, channel), texts(4));
    },

    "disposing of one node does not affect the others": async (subject, channel) => {
      const [one, two] = await nodesOf(subject);
      const reader = await WakeUpReader.start(one, channel, await startOf(one, channel));
      await two.append(channel, numbers(1));
      await two.dispose();
      await refused("unavailable", two.append(channel, numbers(1)));
      await one.append(channel, numbers(1, 2));
      await reader.reaches(2, subject);
      await reader.stop();
    },
  },
  ["another"],
);

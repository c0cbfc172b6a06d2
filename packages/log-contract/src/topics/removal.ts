import assert from "node:assert/strict";
import { appendEach, dataAfter, isGap, numbers, readAll, refusedAppend, startOf, texts } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const removal: readonly LogTest[] = group("removal", {
  "it returns whether there was anything to remove": async ({ log }, channel) => {
    assert.equal(await log.remove(channel), false);
    await log.append(channel, numbers(1));
    assert.equal(await log.remove(channel), true);
    assert.equal(await log.remove(channel), false);
    await log.append(channel, [], { close: true });
    assert.equal(await log.remove(channel), true);
  },

  "a removed channel is empty, open and at another position": async ({ log }, channel) => {
    const { cursor: zero } = await readAll(log, channel);
    await log.append(channel, numbers(3), { close: true });
    await log.remove(channel);
    const empty = await readAll(log, channel);
    assert.deepEqual(empty, {
      messages: [],
      from: empty.cursor,
      cursor: empty.cursor,
      more: false,
      closed: false,
    });
    assert.notEqual(empty.cursor, zero);
  },

  "all its cursors become gaps, including the empty channel's": async ({ log }, channel) => {
    const cursors = [await startOf(log, channel), ...(await appendEach(log, channel, numbers(3)))];
    await log.remove(channel);
    for (const cursor of cursors) await isGap(log, channel, cursor);
  },

  "its cursors stay gaps after new appends": async ({ log }, channel) => {
    const dead: string[] = [];
    for (let incarnation = 0; incarnation < 4; incarnation++) {
      const alive = [await startOf(log, channel)];
      for (let count = 1; count <= 4; count++) {
        alive.push((await log.append(channel, numbers(1, count))).cursor);
        for (const cursor of dead) await isGap(log, channel, cursor);
      }
      assert.deepEqual(await dataAfter(log, channel, alive[0]), texts(4));
      dead.push(...alive);
      await log.remove(channel);
    }
    assert.equal(new Set(dead).size, dead.length);
  },

  "an append after a former end is rejected": async ({ log }, channel) => {
    const start = await startOf(log, channel);
    const { cursor } = await log.append(channel, numbers(1));
    await log.remove(channel);
    await refusedAppend("not-at-end", log, channel, numbers(1), { after: cursor });
    await refusedAppend("not-at-end", log, channel, numbers(1), { after: start });
    await log.append(channel, numbers(1), { after: await startOf(log, channel) });
  },

  "removal affects one channel only": async ({ log }, channel) => {
    const other = `${channel}-other`;
    const { cursor } = await log.append(other, numbers(2));
    await log.append(channel, numbers(3));
    await log.remove(channel);
    assert.deepEqual(await dataAfter(log, other), texts(2));
    assert.deepEqual(await dataAfter(log, other, cursor), []);
  },
});

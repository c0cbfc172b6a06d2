import assert from "node:assert/strict";
import { dataAfter, numbers, readAll, refusedAppend, startOf, texts } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const closing: readonly LogTest[] = group("closing", {
  "readers drain a closed channel and see `closed` only at its end": async ({ log }, channel) => {
    await log.append(channel, numbers(2));
    const { cursor, closed } = await log.append(channel, numbers(1, 3), { close: true });
    assert.equal(closed, true);
    let from = await startOf(log, channel);
    for (const last of [false, false, true]) {
      const page = await log.read(channel, from, { maxMessages: 1 });
      assert.deepEqual([page.more, page.closed], [!last, last]);
      from = page.cursor;
    }
    assert.equal(from, cursor);
  },

  "every read that reaches the end has `closed`": async ({ log }, channel) => {
    const { cursor } = await log.append(channel, numbers(2), { close: true });
    const page = { messages: [], from: cursor, cursor, more: false, closed: true };
    assert.deepEqual(await readAll(log, channel, cursor), page);
    assert.deepEqual(await readAll(log, channel, "end"), page);
    assert.equal((await readAll(log, channel, "start")).closed, true);
  },

  "closing does not move the end": async ({ log }, channel) => {
    const { cursor } = await log.append(channel, numbers(2));
    assert.deepEqual(await log.append(channel, [], { close: true }), {
      ...{ cursors: [], cursor },
      ...{ closed: true, replayed: false },
    });
    assert.equal((await readAll(log, channel, cursor)).closed, true);
  },

  "an unwritten channel can be closed": async ({ log }, channel) => {
    const start = await startOf(log, channel);
    assert.equal((await log.append(channel, [], { close: true })).cursor, start);
    assert.equal((await readAll(log, channel, start)).closed, true);
    await refusedAppend("closed", log, channel, numbers(1));
  },

  "a closed channel rejects messages, and the error has its end": async ({ log }, channel) => {
    await log.append(channel, numbers(2), { close: true });
    await refusedAppend("closed", log, channel, numbers(1, 3));
    await refusedAppend("closed", log, channel, numbers(1, 3), { close: true });
    assert.deepEqual(await dataAfter(log, channel), texts(2));
  },

  "closing again without messages succeeds": async ({ log }, channel) => {
    const { cursor } = await log.append(channel, numbers(2), { close: true });
    const again = { cursors: [], cursor, closed: true, replayed: false };
    assert.deepEqual(await log.append(channel, [], { close: true }), again);
    assert.deepEqual(await log.append(channel, []), again);
    assert.deepEqual(await log.append(channel, [], { close: true, after: cursor }), again);
  },

  "closing affects one channel only": async ({ log }, channel) => {
    await log.append(channel, numbers(1), { close: true });
    assert.equal((await log.append(`${channel}-other`, numbers(1))).closed, false);
  },
});

import assert from "node:assert/strict";
import { parseLogCursor } from "@tidemark/log";
import { isCursor } from "@tidemark/protocol";
import { appendEach, dataAfter, endOf, numbers, readAll, startOf, texts } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

/** The longest cursor that a server may issue. */
const MAX_CURSOR_CHARS = 128;

export const appending: readonly LogTest[] = group("appending", {
  "each draft gets one cursor, and the last cursor is the end": async ({ log }, channel) => {
    const appended = await log.append(channel, numbers(3));
    assert.equal(new Set(appended.cursors).size, 3);
    assert.equal(appended.cursor, appended.cursors[2]);
    assert.deepEqual([appended.closed, appended.replayed], [false, false]);
    const { messages, cursor } = await readAll(log, channel);
    assert.deepEqual(
      messages.map((message) => message.cursor),
      appended.cursors,
    );
    assert.equal(cursor, appended.cursor);
  },

  "cursors come from the codec and fit the protocol's grammar and length": async ({ log }, channel) => {
    const cursors = [await startOf(log, channel), ...(await appendEach(log, channel, numbers(12)))];
    for (const cursor of cursors) {
      assert.ok(isCursor(cursor) && cursor.length <= MAX_CURSOR_CHARS, cursor);
      assert.ok(parseLogCursor(cursor), cursor);
    }
  },

  "each append has its own tag, each channel its own epoch": async ({ log }, channel) => {
    const cursors = [
      ...(await appendEach(log, channel, numbers(5))),
      ...(await appendEach(log, `${channel}-other`, numbers(5))),
    ].map(parseLogCursor);
    assert.equal(new Set(cursors.map((cursor) => cursor?.tag)).size, 10);
    assert.equal(new Set(cursors.map((cursor) => cursor?.epoch)).size, 2);
  },

  "an append is readable once it resolves, after all earlier messages": async ({ log }, channel) => {
    for (let count = 1; count <= 12; count++) {
      await log.append(channel, numbers(1, count));
      assert.deepEqual(await dataAfter(log, channel), texts(count));
    }
  },

  "an append without drafts changes nothing and returns the end": async ({ log }, channel) => {
    const start = await startOf(log, channel);
    assert.deepEqual(await log.append(channel, []), {
      cursors: [],
      cursor: start,
      closed: false,
      replayed: false,
    });
    const { cursor } = await log.append(channel, numbers(2));
    assert.deepEqual(await log.append(channel, []), { cursors: [], cursor, closed: false, replayed: false });
    assert.deepEqual(await dataAfter(log, channel), texts(2));
  },

  "event names are returned as given, and are absent if none was given": async ({ log }, channel) => {
    await log.append(channel, [
      { event: "a.b/c:d-e_F9", json: "1" },
      { json: "2" },
      { event: "B", json: "null" },
    ]);
    const { messages } = await readAll(log, channel);
    assert.deepEqual(
      messages.map(({ cursor: _, ...rest }) => rest),
      [{ event: "a.b/c:d-e_F9", json: "1" }, { json: "2" }, { event: "B", json: "null" }],
    );
  },

  "channels do not share messages": async ({ log }, channel) => {
    await log.append(channel, numbers(2));
    await log.append(`${channel}-other`, numbers(3, 7));
    await log.append(channel, numbers(1, 3));
    assert.deepEqual(await dataAfter(log, channel), texts(3));
    assert.deepEqual(await dataAfter(log, `${channel}-other`), texts(3, 7));
    assert.notEqual(await endOf(log, channel), await endOf(log, `${channel}-other`));
  },

  "later changes to the caller's drafts have no effect": async ({ log }, channel) => {
    const drafts = [{ event: "kept", json: "1" }];
    await log.append(channel, drafts);
    drafts[0] = { event: "changed", json: "2" };
    drafts.push({ event: "added", json: "3" });
    assert.deepEqual(await dataAfter(log, channel), ["1"]);
  },
});

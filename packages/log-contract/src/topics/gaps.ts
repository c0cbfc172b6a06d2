import assert from "node:assert/strict";
import { formatLogCursor, newEpoch, newTag, parseLogCursor } from "@tidemark/log";
import type { Cursor } from "@tidemark/protocol";
import { appendEach, endOf, isGap, numbers, readAll, startOf } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

/** Well-formed for the protocol, but not issued by our logs. */
const FOREIGN: readonly Cursor[] = [
  ...["0", "1", "-1", "A", "~", ".", "..", "1-0", "0-0", "$", "Infinity", "NaN", "1e3", "a.b.c", "0.0.0"],
  ...["A".repeat(1024), "9".repeat(1024), "1760000000000-0", "START", "End", "-", "_".repeat(40)],
].filter((cursor) => /^[A-Za-z0-9._~-]+$/.test(cursor));

/** Other spellings and neighbours of a cursor, none of which the log has issued. */
function near(cursor: Cursor): Cursor[] {
  const parts = parseLogCursor(cursor);
  assert.ok(parts, `written by the codec: ${cursor}`);
  const { epoch, seq, tag } = parts;
  return [
    ...[`${epoch}.0${seq}.${tag}`, `${epoch}.${seq}.0.${tag}`, `${epoch}.-${seq}.${tag}`, `${epoch}..${tag}`],
    ...[`${epoch}.${seq}`, `${seq}`, `${cursor}.`, `.${cursor}`, `${cursor}A`, cursor.slice(0, -1)],
    ...[`${epoch}.${"9".repeat(16)}.${tag}`, `${epoch}.${"9".repeat(30)}.${tag}`],
    formatLogCursor({ epoch: newEpoch(), seq, tag }),
    formatLogCursor({ epoch, seq, tag: newTag() }),
    formatLogCursor({ epoch, seq: seq + 1, tag }),
    formatLogCursor({ epoch, seq: seq + 100, tag }),
  ];
}

export const gaps: readonly LogTest[] = group("gaps", {
  "a cursor of another channel": async ({ log }, channel) => {
    const other = `${channel}-other`;
    const zero = await startOf(log, channel);
    await isGap(log, other, zero);
    const cursors = [zero, ...(await appendEach(log, channel, numbers(3)))];
    await appendEach(log, other, numbers(5));
    for (const cursor of cursors) await isGap(log, other, cursor);
  },

  "a cursor of another log": async (subject, channel) => {
    const { log } = subject;
    const other = await subject.otherLog();
    const cursors = [await startOf(log, channel), ...(await appendEach(log, channel, numbers(3)))];
    for (const cursor of cursors) await isGap(other, channel, cursor);
    await appendEach(other, channel, numbers(5));
    for (const cursor of cursors) await isGap(other, channel, cursor);
  },

  "a cursor that no log issued": async ({ log }, channel) => {
    for (const cursor of FOREIGN) await isGap(log, channel, cursor);
    await log.append(channel, numbers(12));
    for (const cursor of FOREIGN) await isGap(log, channel, cursor);
  },

  "other spellings and neighbours of a cursor": async ({ log }, channel) => {
    for (const cursor of near(await startOf(log, channel))) await isGap(log, channel, cursor);
    await log.append(channel, numbers(12));
    for (const cursor of near(await startOf(log, channel))) await isGap(log, channel, cursor);
    for (const cursor of near(await endOf(log, channel))) await isGap(log, channel, cursor);
  },

  "another append's tag at the same position": async ({ log }, channel) => {
    const [first = "", second = ""] = await appendEach(log, channel, numbers(3));
    const [one, two] = [parseLogCursor(first), parseLogCursor(second)];
    assert.ok(one && two, "written by the codec");
    await isGap(log, channel, formatLogCursor({ ...one, tag: two.tag }));
    await isGap(log, channel, formatLogCursor({ ...two, tag: one.tag }));
  },

  "reporting a gap does not change the channel": async ({ log }, channel) => {
    await log.append(channel, numbers(3), { close: true });
    const before = await readAll(log, channel);
    await isGap(log, channel, "unplaceable.0");
    assert.deepEqual(await readAll(log, channel), before);
  },
});

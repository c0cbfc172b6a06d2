import assert from "node:assert/strict";
import {
  dataAfter,
  endOf,
  numbers,
  readAll,
  refused,
  refusedAppend,
  sameAnswer,
  startOf,
  texts,
} from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

const key = { id: "alice key-1", digest: "digest-1" };
const sameKeyOtherBody = { id: key.id, digest: "digest-2" };

const remembering = group("keys", {
  "a repeated key and body return the first answer and store nothing": async ({ log }, channel) => {
    const first = await log.append(channel, numbers(3), { key });
    sameAnswer(await log.append(channel, numbers(3), { key }), first);
    await log.append(channel, numbers(2, 4));
    sameAnswer(await log.append(channel, numbers(3), { key }), first);
    assert.deepEqual(await dataAfter(log, channel), texts(5));
  },

  "a repeated key with another body is rejected": async ({ log }, channel) => {
    await log.append(channel, numbers(1), { key });
    await refusedAppend("key-reused", log, channel, numbers(1, 2), { key: sameKeyOtherBody });
  },

  "a different key is a separate append": async ({ log }, channel) => {
    await log.append(channel, numbers(1), { key });
    const second = await log.append(channel, numbers(1, 2), { key: { ...key, id: "alice key-2" } });
    assert.equal(second.replayed, false);
    assert.deepEqual(await dataAfter(log, channel), texts(2));
  },

  "a key is scoped to its channel": async ({ log }, channel) => {
    await log.append(channel, numbers(1), { key });
    const other = await log.append(`${channel}-other`, numbers(1, 2), { key: sameKeyOtherBody });
    assert.equal(other.replayed, false);
    assert.deepEqual(await dataAfter(log, `${channel}-other`), ["2"]);
  },

  "a key is scoped to its epoch": async ({ log }, channel) => {
    const first = await log.append(channel, numbers(1), { key });
    await log.remove(channel);
    const second = await log.append(channel, numbers(1), { key });
    assert.equal(second.replayed, false);
    assert.notEqual(second.cursor, first.cursor);
    assert.deepEqual(await dataAfter(log, channel), texts(1));
  },

  "the key is checked before closed, so a publish-and-close can be retried": async ({ log }, channel) => {
    const first = await log.append(channel, numbers(2), { key, close: true });
    assert.equal(first.closed, true);
    sameAnswer(await log.append(channel, numbers(2), { key, close: true }), first);
    await refusedAppend("key-reused", log, channel, numbers(1), { key: sameKeyOtherBody });
  },

  "the key is checked before `after`, so an append-only-after can be retried": async ({ log }, channel) => {
    const after = await startOf(log, channel);
    const first = await log.append(channel, numbers(1), { key, after });
    await log.append(channel, numbers(1, 2));
    sameAnswer(await log.append(channel, numbers(1), { key, after }), first);
    await refusedAppend("key-reused", log, channel, numbers(1), { key: sameKeyOtherBody, after });
  },

  "only successful appends are remembered": async ({ log }, channel) => {
    const { cursor } = await log.append(channel, numbers(1));
    const after = await startOf(log, `${channel}-other`);
    await refusedAppend("not-at-end", log, channel, numbers(1, 2), { key, after });
    const retry = await log.append(channel, numbers(1, 2), {
      key: sameKeyOtherBody,
      after: cursor,
      close: true,
    });
    assert.equal(retry.replayed, false);
    await refusedAppend("closed", log, channel, numbers(1, 3), { key: { id: "late", digest: "1" } });
    assert.equal(
      (await log.append(channel, [], { key: { id: "late", digest: "2" }, close: true })).replayed,
      false,
    );
  },

  "an append without messages is remembered too": async ({ log }, channel) => {
    const first = await log.append(channel, [], { key, close: true });
    sameAnswer(await log.append(channel, [], { key, close: true }), first);
    await refused("key-reused", log.append(channel, [], { key: sameKeyOtherBody, close: true }));
  },

  "a replay returns the end of the first answer": async ({ log }, channel) => {
    const first = await log.append(channel, numbers(1), { key });
    await log.append(channel, numbers(1, 2), { close: true });
    sameAnswer(await log.append(channel, numbers(1), { key }), first);
    assert.equal(first.closed, false);
  },

  "ids are compared exactly": async ({ log }, channel) => {
    const ids = [
      "a",
      "A",
      "a ",
      "ab",
      "",
      "a\u0000",
      "é",
      "e\u0301",
      "__proto__",
      "x".repeat(600),
      "x".repeat(601),
    ];
    for (const id of ids) {
      assert.equal((await log.append(channel, numbers(1), { key: { id, digest: id } })).replayed, false, id);
    }
    assert.equal((await readAll(log, channel)).messages.length, ids.length);
  },

  "concurrent appends with the same key are stored once": async ({ log }, channel) => {
    const attempts = Array.from({ length: 20 }, () => log.append(channel, numbers(2), { key }));
    const outcomes = await Promise.allSettled(attempts);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") assert.equal(outcome.reason.code, "in-progress");
      else assert.equal(outcome.value.cursor, await endOf(log, channel));
    }
    const firsts = outcomes.filter((outcome) => outcome.status === "fulfilled" && !outcome.value.replayed);
    assert.equal(firsts.length, 1);
    assert.deepEqual(await dataAfter(log, channel), texts(2));
  },
});

const forgetting = group(
  "keys",
  {
    "an expired key counts as new": async (subject, channel) => {
      const { log } = subject;
      await log.append(channel, numbers(1), { key });
      await subject.expireKeys();
      const second = await log.append(channel, numbers(1, 2), { key: sameKeyOtherBody });
      assert.equal(second.replayed, false);
      sameAnswer(await log.append(channel, numbers(1, 2), { key: sameKeyOtherBody }), second);
      assert.deepEqual(await dataAfter(log, channel), texts(2));
    },
  },
  ["expireKeys"],
);

export const keys: readonly LogTest[] = [...remembering, ...forgetting];

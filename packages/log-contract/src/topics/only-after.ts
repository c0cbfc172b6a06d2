import assert from "node:assert/strict";
import { appendEach, dataAfter, endOf, numbers, readAll, refusedAppend, startOf, texts } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

export const onlyAfter: readonly LogTest[] = group("only after", {
  "an append after the present end is stored": async ({ log }, channel) => {
    let after = await startOf(log, channel);
    for (let count = 1; count <= 12; count++) {
      ({ cursor: after } = await log.append(channel, numbers(1, count), { after }));
    }
    assert.deepEqual(await dataAfter(log, channel), texts(12));
  },

  "an append after a former end is rejected with the present one": async ({ log }, channel) => {
    const formerEnds = [await startOf(log, channel), ...(await appendEach(log, channel, numbers(11)))];
    const present = formerEnds.pop();
    for (const after of formerEnds) await refusedAppend("not-at-end", log, channel, numbers(1), { after });
    assert.equal(await endOf(log, channel), present);
  },

  "the words `start` and `end` are rejected, even for an empty channel": async ({ log }, channel) => {
    for (const after of ["start", "end"] as const) {
      await refusedAppend("not-at-end", log, channel, numbers(1), { after });
    }
    await log.append(channel, numbers(2));
    await refusedAppend("not-at-end", log, channel, numbers(1), { after: "end" });
  },

  "an unknown position is rejected as not-at-end, not as a gap": async ({ log }, channel) => {
    const foreign = [await startOf(log, `${channel}-other`), "0", "unplaceable.1", "A".repeat(1024)];
    for (const after of foreign) await refusedAppend("not-at-end", log, channel, numbers(1), { after });
    await log.append(channel, numbers(2));
    for (const after of foreign) await refusedAppend("not-at-end", log, channel, numbers(1), { after });
  },

  "`after` guards closing as well as messages": async ({ log }, channel) => {
    const start = await startOf(log, channel);
    const { cursor } = await log.append(channel, numbers(1));
    await refusedAppend("not-at-end", log, channel, [], { after: start, close: true });
    await refusedAppend("not-at-end", log, channel, numbers(1), { after: start, close: true });
    assert.equal((await readAll(log, channel)).closed, false);
    assert.equal((await log.append(channel, [], { after: cursor, close: true })).closed, true);
  },

  "closed is checked before `after`": async ({ log }, channel) => {
    const start = await startOf(log, channel);
    await log.append(channel, numbers(1), { close: true });
    await refusedAppend("closed", log, channel, numbers(1), { after: start });
  },

  "of many concurrent appends, one is stored": async ({ log }, channel) => {
    for (let round = 1; round <= 5; round++) {
      const after = await endOf(log, channel);
      const attempts = Array.from({ length: 10 }, () => log.append(channel, numbers(1, round), { after }));
      const outcomes = await Promise.allSettled(attempts);
      const refusals = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason.code] : [],
      );
      assert.deepEqual(refusals, Array(9).fill("not-at-end"));
      assert.deepEqual(await dataAfter(log, channel), texts(round));
    }
  },
});

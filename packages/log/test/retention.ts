import type { Log, RetentionOptions } from "@tidemark/log";
import * as assert from "uvu/assert";
import { dataAfter, drafts, gapReasons, positionsAfter, until } from "./steps.ts";

/** Runs a function with a log that has this retention. */
export type WithLog = (retention: RetentionOptions, run: (log: Log) => Promise<void>) => Promise<void>;

const AGE_MS = 600;

/** The retention tests of any log, by title. */
export function retentionTests(withLog: WithLog): Readonly<Record<string, () => Promise<void>>> {
  return {
    "a channel keeps `maxMessages` messages, and earlier positions are gaps": () =>
      withLog({ maxMessages: 3 }, async (log) => {
        const positions = await positionsAfter(log, "news", 5);
        assert.equal(await dataAfter(log, "news"), ["3", "4", "5"]);
        const [zero, first, second] = await gapReasons(log, "news", positions);
        assert.equal([zero, first, second], ["retention", "retention", undefined]);
      }),

    "a channel keeps `maxBytes` bytes, and always the newest message": () =>
      withLog({ maxBytes: 10 }, async (log) => {
        for (const size of [4, 4, 4]) await log.append("news", [{ json: "1".repeat(size), event: "e" }]);
        assert.is((await dataAfter(log, "news")).length, 2);
        await log.append("news", [{ json: "1".repeat(50) }]);
        assert.equal(await dataAfter(log, "news"), ["1".repeat(50)]);
        await log.append("news", drafts(2));
        assert.equal(await dataAfter(log, "news"), ["2"]);
      }),

    "a channel keeps its messages for `maxAgeMs`": () =>
      withLog({ maxAgeMs: AGE_MS }, async (log) => {
        const beganMs = performance.now();
        const positions = await positionsAfter(log, "news", 3);
        const kept = (await dataAfter(log, "news")).length;
        if (performance.now() - beganMs < AGE_MS) assert.is(kept, 3); // a slow machine may read too late
        await until("all messages to expire", async () => (await dataAfter(log, "news")).length === 0);
        const gaps = ["retention", "retention", "retention", undefined];
        assert.equal(await gapReasons(log, "news", positions), gaps);
        const { cursor } = await log.append("news", drafts(4));
        assert.match(cursor, /\.4\./, "its number continues");
      }),
  };
}

import type { Log } from "@tidemark/log";
import * as assert from "uvu/assert";
import { dataAfter, drafts } from "./steps.ts";

const HOUR_MS = 3_600_000;

/** The options of a log under {@link jumpWallClock}. */
export const CLOCK_OPTIONS = { retention: { maxAgeMs: HOUR_MS }, keyTtlMs: 600_000 } as const;

/** Jump this process's wall clock forward and back. No message expires and no key is forgotten. */
export async function jumpWallClock(log: Log): Promise<void> {
  const key = { id: "k", digest: "d" };
  await log.append("news", drafts(1), { key });
  const { now } = Date;
  try {
    for (const aheadMs of [2 * HOUR_MS, -720 * HOUR_MS]) {
      Date.now = () => now() + aheadMs;
      assert.is((await log.append("news", drafts(1), { key })).replayed, true);
      await log.append("news", drafts(2));
      assert.is((await dataAfter(log, "news"))[0], "1");
    }
  } finally {
    Date.now = now;
  }
  assert.equal(await dataAfter(log, "news"), ["1", "2", "2"]);
}

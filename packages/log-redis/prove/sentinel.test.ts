// A failover by Sentinels to a replica that lacks the latest messages.
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  dataAfter,
  drafts,
  failureOf,
  follow,
  freshPrefix,
  gapReasons,
  positionsAfter,
  startOf,
  until,
} from "../../log/test/steps.ts";
import { RedisLog } from "../src/redis-log.ts";
import { Sentinels } from "../test/sentinels.ts";

const FAILOVER_MS = 30_000;

test("after a failover the log continues at the new primary, and unreplicated messages are a gap", async () => {
  const sentinels = await Sentinels.start();
  const log = await RedisLog.open(sentinels.url, { prefix: freshPrefix() });
  const follower = await follow(log, "other");
  try {
    const kept = await positionsAfter(log, "news", 3);
    await log.append("other", drafts(1));
    await until("the replica to have every message", () => sentinels.isReplicated());
    await sentinels.cutReplication();
    const lost: string[] = [];
    for (const number of [4, 5]) lost.push((await log.append("news", drafts(number))).cursor);
    await sentinels.primary.kill();
    assert.is(await failureOf(startOf(log, "news")), "unavailable");
    const isBack = async (): Promise<boolean> => (await failureOf(startOf(log, "news"))) === undefined;
    await until("a new primary", isBack, FAILOVER_MS);
    assert.equal(await gapReasons(log, "news", kept), [undefined, undefined, undefined, undefined]);
    assert.equal(await gapReasons(log, "news", lost), ["ahead", "ahead"]);
    for (const number of [14, 15, 16]) await log.append("news", drafts(number));
    assert.equal(await gapReasons(log, "news", lost), ["epoch", "epoch"]);
    assert.equal(await dataAfter(log, "news", kept[2]), ["3", "14", "15", "16"]);
    await log.append("other", drafts(2));
    await until("a wake-up from the new primary", () => follower.seen.length === 2);
    assert.equal(follower.seen, ["1", "2"]);
  } finally {
    await follower.stop();
    await log.dispose();
    await sentinels.stop();
  }
});

test.run();

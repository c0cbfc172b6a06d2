import { Redis } from "ioredis";
import * as assert from "uvu/assert";
import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import { drafts, follow, freshPrefix, until } from "../../log/test/steps.ts";
import { openLog, type Parts } from "./harness.ts";

/**
 * Publish right after cutting off the subscribers: the wake-ups are lost, but followers read the messages
 * anyway.
 */
export async function missedWakeUps(server: RedisServer, parts: Parts = {}): Promise<void> {
  const prefix = freshPrefix();
  const [log, other] = [await openLog(server.url, { prefix }, parts), await openLog(server.url, { prefix })];
  const redis = new Redis(server.url);
  const follower = await follow(log, "news");
  try {
    for (let round = 1; round <= 5; round++) {
      await Promise.all([
        redis.call("CLIENT", "KILL", "TYPE", "pubsub"),
        other.append("news", drafts(round)),
      ]);
      await until("the message without a wake-up", () => follower.seen.length === round, parts.graceMs);
      await until("a subscriber", async () => (await redis.pubsub("CHANNELS")).length > 0);
    }
    assert.equal(follower.seen, ["1", "2", "3", "4", "5"]);
  } finally {
    await follower.stop();
    redis.disconnect();
    await Promise.all([log.dispose(), other.dispose()]);
  }
}

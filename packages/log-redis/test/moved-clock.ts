import { Redis } from "ioredis";
import * as assert from "uvu/assert";
import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import { dataAfter, drafts, freshPrefix } from "../../log/test/steps.ts";
import { CLOCK_OPTIONS } from "../../log/test/wall-clock.ts";
import { SCRIPTS, type Scripts } from "../src/engine.ts";
import { openLog, type Parts } from "./harness.ts";

/** Jump the Redis clock forward and back under an open log. No message expires. */
export async function moveClock(server: RedisServer, { scripts = SCRIPTS }: Parts = {}): Promise<void> {
  const prefix = freshPrefix();
  const ahead = `${prefix}-ahead`;
  const redis = new Redis(server.url);
  const log = await openLog(
    server.url,
    { ...CLOCK_OPTIONS, prefix },
    { scripts: onMovedClock(scripts, ahead) },
  );
  const expected: string[] = [];
  try {
    for (const aheadS of [0, 7_200, -7_200, 0]) {
      await redis.set(ahead, aheadS);
      for (const number of [1, 2]) {
        await log.append("news", drafts(number));
        expected.push(String(number));
      }
      assert.equal(await dataAfter(log, "news"), expected, `ahead by ${aheadS} s`);
    }
  } finally {
    redis.disconnect();
    await log.dispose();
  }
}

/** Scripts that add the seconds in the key `ahead` to the Redis clock, because it cannot be set. */
function onMovedClock({ append, read, remove, adopt }: Scripts, ahead: string): Scripts {
  const moved = (lua: string): string =>
    lua.replace(
      "local time = redis.call('TIME')",
      `local time = redis.call('TIME')\ntime[1] = tonumber(time[1]) + tonumber(redis.call('GET', '${ahead}') or 0)`,
    );
  return { append: moved(append), read: moved(read), remove: moved(remove), adopt: moved(adopt) };
}

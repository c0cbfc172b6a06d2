import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { CLOCK_OPTIONS, jumpWallClock } from "../../log/test/wall-clock.ts";
import { openLog } from "../test/harness.ts";
import { moveClock } from "../test/moved-clock.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

test("a jump of a node's wall clock expires no message and no key", async () => {
  const log = await openLog(server.url, { ...CLOCK_OPTIONS, prefix: freshPrefix() });
  await jumpWallClock(log).finally(() => log.dispose());
});

test("a jump of the Redis clock, forward or back, expires no message of an open log", () =>
  moveClock(server));

test.run();

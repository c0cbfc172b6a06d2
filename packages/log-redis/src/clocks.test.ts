import { test } from "uvu";
import { freshPrefix } from "../../log/test/steps.ts";
import { CLOCK_OPTIONS, jumpWallClock } from "../../log/test/wall-clock.ts";
import { openLog } from "../test/harness.ts";
import { moveClock } from "../test/moved-clock.ts";
import { RedisServer } from "../test/redis-server.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

test("a wall clock of a node that jumps drops no message and forgets no key", async () => {
  const log = await openLog(server.url, { ...CLOCK_OPTIONS, prefix: freshPrefix() });
  await jumpWallClock(log).finally(() => log.dispose());
});

test("a clock of Redis that jumps, ahead or back, drops no message of an open log", () => moveClock(server));

test.run();

import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { movingTests } from "../../log/test/moving.ts";
import { redisHarness } from "../test/harness.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

for (const [name, run] of Object.entries(movingTests(redisHarness(server)))) test(name, run);

test.run();

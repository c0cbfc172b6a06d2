import { logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { redisHarness } from "../test/harness.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

logContract("redis", redisHarness(server), test);

test.run();

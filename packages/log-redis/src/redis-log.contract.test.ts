import { logContract } from "@tidemark/log/contract";
import { test } from "uvu";
import { redisHarness } from "../test/harness.ts";
import { RedisServer } from "../test/redis-server.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

logContract("redis", redisHarness(server), test);

test.run();

import { test } from "uvu";
import { LOSSES } from "../test/losses.ts";
import { RedisServer } from "../test/redis-server.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

for (const [what, loss] of Object.entries(LOSSES)) test(`readers get a gap: ${what}`, () => loss(server));

test.run();

import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { LOSSES } from "../test/losses.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

for (const [what, loss] of Object.entries(LOSSES)) test(`readers get a gap: ${what}`, () => loss(server));

test.run();

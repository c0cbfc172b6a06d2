import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { ManyNodes } from "../../log/test/many-nodes.ts";

const server = await RedisServer.start("--appendfsync", "always");
const nodes = await ManyNodes.start(server.url);
test.after(async () => {
  await nodes.stop();
  await server.stop();
});

for (const [name, run] of Object.entries(nodes.tests)) test(name, run);

test.run();

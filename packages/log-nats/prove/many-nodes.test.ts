import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { ManyNodes } from "../../log/test/many-nodes.ts";

const server = await NatsServer.start();
const nodes = await ManyNodes.start(server.url);
test.after(async () => {
  await nodes.stop();
  await server.stop();
});

for (const [name, run] of Object.entries(nodes.tests)) test(name, run);

test.run();

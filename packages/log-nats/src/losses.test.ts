import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { LOSSES } from "../test/losses.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

for (const [what, loss] of Object.entries(LOSSES)) test(`readers get a gap: ${what}`, () => loss(server));

test.run();

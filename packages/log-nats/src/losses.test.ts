import { test } from "uvu";
import { LOSSES } from "../test/losses.ts";
import { NatsServer } from "../test/nats-server.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

for (const [what, loss] of Object.entries(LOSSES)) test(`readers get a gap: ${what}`, () => loss(server));

test.run();

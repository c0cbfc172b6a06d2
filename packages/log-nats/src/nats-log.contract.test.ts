import { logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { natsHarness } from "../test/harness.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

logContract("nats", natsHarness(server), test);

test.run();

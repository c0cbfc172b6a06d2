import { logContract } from "@tidemark/log/contract";
import { test } from "uvu";
import { natsHarness } from "../test/harness.ts";
import { NatsServer } from "../test/nats-server.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

logContract("nats", natsHarness(server), test);

test.run();

import { test } from "uvu";
import { madeAnew } from "../test/made-anew.ts";
import { NatsServer } from "../test/nats-server.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("an append goes behind what is there, also when the stream was made anew just now", () =>
  madeAnew(server));

test.run();

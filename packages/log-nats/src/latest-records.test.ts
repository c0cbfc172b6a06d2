import { test } from "uvu";
import { madeAnew } from "../test/made-anew.ts";
import { NatsServer } from "../test/nats-server.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start(`max_payload: 8MB
no_auth_user: all
authorization { users: [
  { user: all, password: all }
  { user: few, password: few, permissions: { publish: ">", subscribe: { allow: ">", deny: "$JS.EVENT.>" } } }
] }`);
test.after(() => server.stop());

test("an append goes behind what is there, also when the stream was made anew just now", () =>
  madeAnew(server));

test("and also where it may not be told that it was", () =>
  madeAnew(server, (_, options) => NatsLog.open(server.url.replace("//", "//few:few@"), options)));

test.run();

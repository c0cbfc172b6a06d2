import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { madeAnew } from "../test/made-anew.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start(`max_payload: 8MB
no_auth_user: all
authorization { users: [
  { user: all, password: all }
  { user: few, password: few, permissions: { publish: ">", subscribe: { allow: ">", deny: "$JS.EVENT.>" } } }
] }`);
test.after(() => server.stop());

test("an append goes after the last record, even if the stream was just recreated", () => madeAnew(server));

test("the same holds without permission for the advisories of the stream", () =>
  madeAnew(server, (_, options) => NatsLog.open(server.url.replace("//", "//few:few@"), options)));

test.run();

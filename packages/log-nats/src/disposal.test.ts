import { test } from "uvu";
import { disposeInFlight } from "../../log/test/disposals.ts";
import { freshStream } from "../test/harness.ts";
import { NatsServer } from "../test/nats-server.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("a log that is disposed of while it is asked leaves no promise without a handler", () => {
  const stream = freshStream();
  return disposeInFlight(() => NatsLog.open(server.url, { stream }), 60);
});

test.run();

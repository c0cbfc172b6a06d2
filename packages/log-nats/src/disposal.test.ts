import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { disposeInFlight } from "../../log/test/disposals.ts";
import { freshStream } from "../test/harness.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("disposing of a log during calls leaves no unhandled rejection", () => {
  const stream = freshStream();
  return disposeInFlight(() => NatsLog.open(server.url, { stream }), 60);
});

test.run();

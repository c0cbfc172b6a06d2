import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { CLOCK_OPTIONS, jumpWallClock } from "../../log/test/wall-clock.ts";
import { freshStream } from "../test/harness.ts";
import { NatsLog } from "./nats-log.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("a jump of a node's wall clock expires no message and no key", async () => {
  const log = await NatsLog.open(server.url, { ...CLOCK_OPTIONS, stream: freshStream() });
  await jumpWallClock(log).finally(() => log.dispose());
});

test.run();

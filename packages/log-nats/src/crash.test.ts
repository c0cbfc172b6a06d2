import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { killedUnderLoad } from "../../log/test/killed-under-load.ts";
import { freshStream } from "../test/harness.ts";
import { NatsLog } from "./nats-log.ts";

const KILLS = 4;

const server = await NatsServer.start();
test.after(() => server.stop());

test("killing NATS under load loses and duplicates no acknowledged message", async () => {
  const stream = freshStream();
  const [one, two] = [await NatsLog.open(server.url, { stream }), await NatsLog.open(server.url, { stream })];
  await killedUnderLoad([one, two], KILLS, () => server.restart());
  await Promise.all([one.dispose(), two.dispose()]);
});

test.run();

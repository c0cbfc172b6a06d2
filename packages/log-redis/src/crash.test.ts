import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { killedUnderLoad } from "../../log/test/killed-under-load.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { openLog } from "../test/harness.ts";

const KILLS = 8;

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

test("killing Redis under load loses and duplicates no acknowledged message", async () => {
  const prefix = freshPrefix();
  const [one, two] = [await openLog(server.url, { prefix }), await openLog(server.url, { prefix })];
  await killedUnderLoad([one, two], KILLS, () => server.restart());
  await Promise.all([one.dispose(), two.dispose()]);
});

test.run();

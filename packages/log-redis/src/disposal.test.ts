import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { disposeInFlight } from "../../log/test/disposals.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { RedisLog } from "./redis-log.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

test("disposing of a log during calls leaves no unhandled rejection", () => {
  const prefix = freshPrefix();
  return disposeInFlight(() => RedisLog.open(server.url, { prefix }), 60);
});

test.run();

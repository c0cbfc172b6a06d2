import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { wrongAnswers } from "../test/wrong-answers.ts";

const server = await RedisServer.start();
test.after(() => server.stop());

test("answers that are missing, late or partial lose nothing", () => wrongAnswers(server, 10));

test.run();

// The long form of src/cut-reads.test.ts and src/wrong-answers.test.ts.
import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { cutLink } from "../test/cut-link.ts";
import { wrongAnswers } from "../test/wrong-answers.ts";

const CUTS = 200;
const RUNS = 100;

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

for (const publishing of [false, true])
  test(`${CUTS} cuts of a slow link lose nothing, with publishers ${publishing ? "on" : "off"}`, () =>
    cutLink(server, { cuts: CUTS, seed: 2026, publishing }));

test("faulty answers lose nothing", () => wrongAnswers(server, RUNS));

test.run();

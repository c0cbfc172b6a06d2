import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { cutLink } from "../test/cut-link.ts";

/** Cuts in each run: one without publishers, one with. */
const CUTS = 25;

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

for (const publishing of [false, true])
  test(`${CUTS} cuts of a slow link lose nothing, with publishers ${publishing ? "on" : "off"}`, () =>
    cutLink(server, { cuts: CUTS, seed: 12, publishing }));

test.run();

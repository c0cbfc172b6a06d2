import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { randomFrom } from "../../../testing/random-from.ts";
import { compare, LIBRARIES } from "./compare.ts";

test("readers that are cut at random lose and repeat nothing with our library, and the other one is measured alike", async () => {
  const redis = await RedisServer.start();
  const seed = Math.floor(Math.random() * 1e9);
  try {
    const results = [];
    for (const library of LIBRARIES)
      results.push(await compare(library, redis, randomFrom(seed), { runs: 2, cuts: 5 }));
    const [ours, theirs] = results;
    assert.equal([ours?.lost, ours?.repeated, ours?.refused], [0, 0, 0], `seed ${seed}`);
    assert.ok(theirs && theirs.cuts === ours?.cuts);
  } finally {
    await redis.stop();
  }
});

test.run();

// The contract has the same two properties with fixed histories; these are new ones in every run.
import { checkHistory, checkRace } from "@tidemark/log-contract";
import fc from "fast-check";
import { test } from "uvu";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { redisHarness } from "../test/harness.ts";

const server = await RedisServer.start("--appendfsync", "always");
test.after(() => server.stop());

test("any history matches the model", async () => {
  const harness = redisHarness(server);
  const histories = fc.array(fc.nat(), { maxLength: 250 });
  const check = fc.asyncProperty(histories, (choices) => checkHistory(harness, choices));
  await fc.assert(check, { numRuns: 100 });
});

test("some order of concurrent appends at several nodes explains the outcome", async () => {
  const harness = redisHarness(server);
  const races = fc.array(fc.nat(), { maxLength: 250 });
  const check = fc.asyncProperty(races, (choices) => checkRace(harness, choices));
  await fc.assert(check, { numRuns: 100 });
});

test.run();

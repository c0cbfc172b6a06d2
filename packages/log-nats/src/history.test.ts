import { checkHistory, checkRace } from "@tidemark/log/contract";
import fc from "fast-check";
import { test } from "uvu";
import { natsHarness } from "../test/harness.ts";
import { NatsServer } from "../test/nats-server.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("any history is as the model has it", async () => {
  const harness = natsHarness(server);
  const histories = fc.array(fc.nat(), { maxLength: 250 });
  const check = fc.asyncProperty(histories, (choices) => checkHistory(harness, choices));
  await fc.assert(check, { numRuns: 40 });
});

test("of any appends that race at several nodes, some order explains the outcome", async () => {
  const harness = natsHarness(server);
  const races = fc.array(fc.nat(), { maxLength: 250 });
  const check = fc.asyncProperty(races, (choices) => checkRace(harness, choices));
  await fc.assert(check, { numRuns: 40 });
});

test.run();

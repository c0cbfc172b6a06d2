import { memoryHarness } from "@tidemark/log-memory/harness";
import fc from "fast-check";
import { test } from "uvu";
import { checkHistory } from "./history.ts";
import { checkRace } from "./race.ts";

const histories = fc.array(fc.nat(), { maxLength: 400 });

for (const durable of [false, true]) {
  test(`any history, ${durable ? "with" : "without"} a durable store`, async () => {
    const harness = memoryHarness({ durable });
    await fc.assert(
      fc.asyncProperty(histories, (choices) => checkHistory(harness, choices)),
      { numRuns: 150 },
    );
  });
}

test("any race of appends", async () => {
  const check = fc.asyncProperty(histories, (choices) => checkRace(memoryHarness(), choices));
  await fc.assert(check, { numRuns: 150 });
});

test.run();

import { checkHistory } from "@tidemark/log-contract";
import fc from "fast-check";
import { test } from "uvu";
import { lmdbHarness } from "../test/lmdb-harness.ts";

test("any history, with restarts from disk", async () => {
  const histories = fc.array(fc.nat(), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(histories, (choices) => checkHistory(lmdbHarness(), choices)),
    { numRuns: 40 },
  );
});

test.run();

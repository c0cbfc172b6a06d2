// A short run for each engine; `npm run cut-logs` runs for ten minutes.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cutUnderLoad, ENGINES, isWhole } from "../src/logs/cuts.ts";

const SECONDS = 20;

for (const name of Object.keys(ENGINES) as (keyof typeof ENGINES)[])
  test(`${name}: when its link is cut under load, nothing is lost, doubled, stuck or leaked`, async () => {
    const outcome = await cutUnderLoad(name, SECONDS);
    assert.ok(isWhole(outcome), JSON.stringify(outcome));
    assert.ok(outcome.cuts > 0 && outcome.acknowledged > 0 && outcome.pages > 0, JSON.stringify(outcome));
  });

test.run();

// A short while each; ten minutes are run by `npm run cut-logs`.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cutUnderLoad, ENGINES, isWhole } from "../src/logs/cuts.ts";

const SECONDS = 20;

for (const name of Object.keys(ENGINES) as (keyof typeof ENGINES)[])
  test(`${name}: its link is cut under load, and nothing is lost, doubled, hung or leaked`, async () => {
    const outcome = await cutUnderLoad(name, SECONDS);
    assert.ok(isWhole(outcome), JSON.stringify(outcome));
    assert.ok(outcome.cuts > 0 && outcome.acknowledged > 0 && outcome.pages > 0, JSON.stringify(outcome));
  });

test.run();

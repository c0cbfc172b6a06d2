import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLIENTS, cutAll } from "./cuts.ts";

/** Distance of the cuts in bytes: prime, so that every place in a message is cut. `npm run cuts` cuts at every byte. */
const STEP = 499;

for (const [mechanism, subscribe] of Object.entries(CLIENTS))
  test(`${mechanism}: an answer that is cut anywhere loses and repeats nothing`, async () => {
    const { cuts, ...damage } = await cutAll(subscribe, STEP);
    assert.ok(cuts > 0);
    assert.equal(damage, { lost: 0, repeated: 0, disordered: 0 });
  });

test.run();

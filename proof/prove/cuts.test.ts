import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLIENTS, cutAll } from "../src/clients/cuts.ts";

/** Every so many bytes: prime, so that all places in a message are met. `npm run cuts -w @tidemark/proof` has every byte. */
const STEP = 7;

for (const [mechanism, subscribe] of Object.entries(CLIENTS))
  test(`${mechanism}: answers that are cut anywhere lose and repeat nothing`, async () => {
    const { cuts, ...damage } = await cutAll(subscribe, STEP);
    assert.ok(cuts > 0);
    assert.equal(damage, { lost: 0, repeated: 0, disordered: 0 });
  });

test.run();

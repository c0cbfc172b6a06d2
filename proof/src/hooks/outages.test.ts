import { test } from "uvu";
import * as assert from "uvu/assert";
import { surviveOutages } from "./outages.ts";

/** `npm run hook-outages` runs for longer. */
const DURATION_MS = 8_000;

test("whatever authorize does, nothing is lost, stuck, doubled or leaked, and streams stay open", async () => {
  const outcome = await surviveOutages(DURATION_MS);
  const { published, outages, astray, hung, reopened, leaked, left, unreached } = outcome;
  assert.ok(published > 0 && outages > 0);
  assert.equal(
    { astray, hung, reopened, leaked, left, unreached },
    { astray: 0, hung: 0, reopened: 0, leaked: 0, left: 0, unreached: [] },
  );
});

test.run();

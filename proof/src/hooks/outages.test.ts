import { test } from "uvu";
import * as assert from "uvu/assert";
import { surviveOutages } from "./outages.ts";

/** `npm run hook-outages` does it for longer. */
const DURATION_MS = 8_000;

test("whatever the hook does, nothing is lost, hangs, comes twice or leaks, and streams stay open", async () => {
  const { published, outages, astray, hung, reopened, leaked, left } = await surviveOutages(DURATION_MS);
  assert.ok(published > 0 && outages > 0);
  assert.equal(
    { astray, hung, reopened, leaked, left },
    { astray: 0, hung: 0, reopened: 0, leaked: 0, left: 0 },
  );
});

test.run();

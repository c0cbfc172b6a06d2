// Runs the suite on our client in a page of a real Chromium, with the same source and requirements as on Node.
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ADAPTERS } from "../src/matrix/programs.ts";
import { runSuite } from "../src/matrix/run-suite.ts";

test("our client in a page meets every requirement", async () => {
  const { verdict, summary, tests } = await runSuite({ page: join(ADAPTERS, "tidemark-page.mjs") });
  const bad = tests.filter(({ outcome }) => outcome === "fail" || outcome === "warn" || outcome === "error");
  assert.equal(
    bad.map(({ id, detail }) => `${id} ${detail}`),
    [],
    verdict.line,
  );
  // A browser has a cache, so here the requirement about caches applies too.
  assert.is(summary?.must.verified, summary?.must.applicable, verdict.line);
  assert.equal(
    summary?.requirements.filter(({ standing }) => standing === "n/a"),
    [],
  );
});

test.run();

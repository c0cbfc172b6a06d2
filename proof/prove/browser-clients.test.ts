// Our client in a real Chromium, by the pull carrier: the same source as on Node, held to the same requirements.
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
  // A browser has a cache, so that it can be seen to use it: no requirement is left out.
  assert.is(summary?.must.verified, summary?.must.applicable, verdict.line);
  assert.equal(
    summary?.requirements.filter(({ standing }) => standing === "n/a"),
    [],
  );
});

test.run();

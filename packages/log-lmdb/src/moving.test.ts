import { test } from "uvu";
import * as assert from "uvu/assert";
import { movingTests } from "../../log/test/moving.ts";
import { lmdbHarness } from "../test/lmdb-harness.ts";
import type { LmdbLog } from "./lmdb-log.ts";

for (const [name, run] of Object.entries(movingTests(lmdbHarness()))) test(name, run);

test("a channel whose name is not stored is reported after the others", async () => {
  const { log, dispose } = await lmdbHarness().create();
  for (const name of ["a", "x".repeat(501)]) await log.append(name, [{ json: "1" }]);
  const found: string[] = [];
  const listing = (async () => {
    for await (const name of (log as LmdbLog).channels()) found.push(name);
  })();
  assert.match(
    await listing.then(String, (error: Error) => error.message),
    /1 channels have names of more than 500/,
  );
  assert.equal(found, ["a"]);
  await dispose();
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { killWriters } from "../test/killing.ts";

for (const durability of ["process", "disk"] as const) {
  test(`writers killed under load lose and duplicate no acknowledged message (${durability})`, async () => {
    const outcome = await killWriters(16, durability);
    assert.equal(
      { ...outcome, acknowledged: 0, sentAgain: 0 },
      {
        ...{ kills: 16, acknowledged: 0, sentAgain: 0 },
        ...{ lost: 0, doubled: 0, moved: 0 },
      },
    );
    assert.ok(outcome.acknowledged > 16 * 4, `${outcome.acknowledged} appends were acknowledged`);
    assert.ok(outcome.sentAgain > 0, "writers were killed with appends in flight");
  });
}

test.run();

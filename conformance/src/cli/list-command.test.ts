import { test } from "uvu";
import * as assert from "uvu/assert";
import { coverage } from "./list-command.ts";

for (const subject of ["server", "client"] as const)
  test(`every observable ${subject} requirement has a test`, () => {
    const { covered, uncovered } = coverage(subject);
    assert.equal(uncovered, []);
    assert.ok(covered.length > 50);
  });

test.run();

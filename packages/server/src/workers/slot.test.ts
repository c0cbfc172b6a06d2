import { test } from "uvu";
import * as assert from "uvu/assert";
import { restMs } from "./slot.ts";

test("a slot stays empty twice as long each time, up to 10 s", () => {
  assert.equal([0, 1, 2, 3].map(restMs), [100, 200, 400, 800]);
  assert.equal([7, 100, 10_000].map(restMs), [10_000, 10_000, 10_000]);
});

test.run();

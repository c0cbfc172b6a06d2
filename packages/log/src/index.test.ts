import { test } from "uvu";
import * as assert from "uvu/assert";
import * as log from "./index.ts";

test("the public names of the package", () => {
  assert.equal(Object.keys(log).sort(), [
    ...["closedError", "formatLogCursor", "gapError", "isListed", "isMovable"],
    ...["keyReusedError", "newEpoch", "newTag", "notAtEndError", "parseLogCursor"],
  ]);
});

test.run();

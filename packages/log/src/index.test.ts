import { test } from "uvu";
import * as assert from "uvu/assert";
import * as contract from "./contract.ts";
import * as log from "./index.ts";

test("the public names of the package", () => {
  assert.equal(Object.keys(log).sort(), [
    ...["MemoryLog", "closedError", "formatLogCursor", "gapError", "isListed", "isMovable"],
    ...["keyReusedError", "newEpoch", "newTag", "notAtEndError", "parseLogCursor"],
  ]);
});

test("the public names of ./contract", () => {
  assert.equal(Object.keys(contract).sort(), [
    "checkHistory",
    "checkRace",
    "contractTests",
    "logContract",
    "memoryHarness",
  ]);
});

test.run();

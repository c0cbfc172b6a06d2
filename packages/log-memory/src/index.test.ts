import { test } from "uvu";
import * as assert from "uvu/assert";
import * as harness from "./harness.ts";
import * as log from "./index.ts";

test("the public names of the package", () =>
  assert.equal(Object.keys(log), ["MemoryLog", "describeLog", "openLog"]));

test("the public names of ./harness", () => assert.equal(Object.keys(harness), ["memoryHarness"]));

test.run();

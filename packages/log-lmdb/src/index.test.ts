import { test } from "uvu";
import * as assert from "uvu/assert";
import * as log from "./index.ts";

test("the public names of the package", () =>
  assert.equal(Object.keys(log).sort(), ["LmdbLog", "checkLog", "describeLog", "openLog"]));

test.run();

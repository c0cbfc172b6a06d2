import { test } from "uvu";
import * as assert from "uvu/assert";
import * as entry from "./index.ts";

test("the entry exports these names and no others", () =>
  assert.equal(Object.keys(entry), ["NatsLog", "describeLog", "openLog"]));

test.run();

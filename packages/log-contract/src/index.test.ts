import { test } from "uvu";
import * as assert from "uvu/assert";
import * as contract from "./index.ts";

test("the public names of the package", () =>
  assert.equal(Object.keys(contract).sort(), ["checkHistory", "checkRace", "contractTests", "logContract"]));

test.run();

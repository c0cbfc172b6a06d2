import { parseClaims } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isTidemark } from "./tidemark-field.ts";

for (const field of [
  "v=1",
  "v=1, mechanisms=(poll long-poll sse), max-wait=60, publish",
  "mechanisms=(sse),v=1",
  "publish, v=1 , event",
  'v=1;a="b", x',
  'note="a, v=2, \\" v=3", v=1',
  "v=2",
  "v=10",
  "v=1.5",
  "xv=1",
  "v",
  'v="1"',
  'note="a, v=1, \\", v=1"',
  "",
]) {
  test(`the version in: ${field}`, () => {
    assert.is(isTidemark(field), parseClaims(field)?.version === 1);
  });
}

test("no field", () => assert.not(isTidemark(null)));

test.run();

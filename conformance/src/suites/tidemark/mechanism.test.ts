import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HeaderLines } from "../../engine/wire/headers.ts";
import { requestKind } from "./claims.ts";

const CASES: readonly (readonly [string, string, string, HeaderLines?])[] = [
  ["poll", "GET", "/ch"],
  ["poll", "GET", "/ch?after=start", [["Accept", "application/json"]]],
  ["poll", "HEAD", "/ch?stream=1"],
  ["long-poll", "GET", "/ch?after=c&wait=2"],
  ["sse", "GET", "/ch?wait=2&stream=1"],
  ["sse", "GET", "/ch", [["Accept", "Text/Event-Stream"]]],
  ["publish", "POST", "/ch?wait=2"],
  ["publish", "DELETE", "/ch"],
  ["other", "OPTIONS", "/ch"],
  ["other", "PUT", "/ch"],
];

for (const [kind, method, target, headers = []] of CASES)
  test(`${method} ${target} ${headers.join()} is ${kind}`, () => {
    assert.is(requestKind({ method, target, headers }), kind);
  });

test.run();

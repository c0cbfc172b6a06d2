import { test } from "uvu";
import * as assert from "uvu/assert";
import { createRandom } from "../../../engine/run/context.ts";
import { concat, utf8 } from "../../../engine/wire/bytes.ts";
import { FRAGMENTATIONS, type Fragmentation, fragment } from "./fragment.ts";

function split(text: string, how: Fragmentation): string[] {
  return fragment(utf8(text), how, createRandom(1)).map((part) => Buffer.from(part).toString("latin1"));
}

test("every fragmentation keeps the bytes", () => {
  const bytes = utf8("data: é€😀\r\nid: A1\r\n\r\n");
  for (const how of FRAGMENTATIONS) assert.equal(concat(fragment(bytes, how, Math.random)), bytes, how);
});

test("each fragmentation splits where its name says", () => {
  assert.equal(split("abc", "whole"), ["abc"]);
  assert.equal(split("", "whole"), []);
  assert.equal(split("abc", "one"), ["a", "b", "c"]);
  assert.equal(split("abcde", "two"), ["ab", "cd", "e"]);
  assert.equal(split("a\r\nb\n\nc", "crlf"), ["a\r", "\nb\n", "\nc"]);
  assert.equal(split("é", "utf8"), ["\xc3", "\xa9"]);
  assert.equal(split("x\nid: 1", "id"), ["x\ni", "d: 1"]);
});

test("the seed determines the random fragmentation", () => {
  assert.equal(split("abcdefghijklmnop", "random"), split("abcdefghijklmnop", "random"));
  assert.ok(split("abcdefghijklmnopqrstuvwxyz", "random").length > 1);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { jsonEqual, jsonText, member, parseJson } from "./json.ts";

const equal = (a: string, b: string): boolean => jsonEqual(parseJson(a), parseJson(b));

test("numbers are equal by their decimal value, at any precision", () => {
  assert.ok(equal("1e20", "100000000000000000000"));
  assert.ok(equal("1.50", "15e-1"));
  assert.ok(equal("-0", "0"));
  assert.ok(equal("0.000", "0e99"));
  assert.not(equal("100000000000000000001", "100000000000000000000"));
  assert.not(equal("1E400", "1E401"));
  assert.not(equal("-1", "1"));
});

test("strings are equal by their code points, objects in any order", () => {
  assert.ok(equal('"\\u0041\\/\\ud83d\\ude00"', '"A/😀"'));
  assert.ok(equal('{"a":1,"b":[null,true]}', ' { "b" : [ null , true ] , "a" : 1.0 } '));
  assert.not(equal('{"a":1}', '{"a":1,"b":2}'));
  assert.not(equal("[1,2]", "[2,1]"));
  assert.not(equal("null", "false"));
  assert.not(equal('"1"', "1"));
});

test("invalid JSON is undefined", () => {
  for (const text of [
    "",
    "{",
    "[1,]",
    "{,}",
    "01",
    "1.",
    ".5",
    "+1",
    "'a'",
    '"a',
    '"\n"',
    "nul",
    "1 2",
    '{"a" 1}',
    "NaN",
  ])
    assert.is(parseJson(text), undefined, text);
  assert.is(parseJson("[".repeat(100_000)), undefined);
});

test("text keeps numbers as they were written", () => {
  assert.is(jsonText(parseJson('{"n":1.50e0,"s":"é"}')), '{"n":1.50e0,"s":"é"}');
  assert.is(member(parseJson('{"__proto__":"x"}'), "__proto__"), "x");
});

test.run();

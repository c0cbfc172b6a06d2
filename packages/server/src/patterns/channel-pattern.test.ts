import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { channelPattern, channelPatterns } from "./channel-pattern.ts";

for (const [pattern, yes, no] of [
  ["news", ["news"], ["new", "news1", "News", "n*ws", ""]],
  ["*", ["", "a", "a/b", "*"], []],
  ["orders-*", ["orders-", "orders-7/eu"], ["orders", "xorders-1"]],
  ["*-log", ["-log", "a-log"], ["a-logs"]],
  ["a*b*c", ["abc", "axbxc", "abbc", "abcbc"], ["ac", "abc1", "acb"]],
  ["aba*aba", ["abaaba", "aba-aba"], ["aba", "ababa"]],
  ["a.c", ["a.c"], ["abc"]],
] as const)
  test(`${pattern} matches ${yes.join(" ")}, and not ${no.join(" ")}`, () => {
    for (const name of yes) assert.ok(channelPattern(pattern)(name), name);
    for (const name of no) assert.not(channelPattern(pattern)(name), name);
  });

test("a pattern matches what the same regular expression matches", () => {
  const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });
  void fc.assert(
    fc.property(text("ab*"), text("ab"), (pattern, name) => {
      if (pattern === "") return;
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
      assert.is(channelPattern(pattern)(name), expression.test(name));
    }),
    { numRuns: 500 },
  );
});

test("a pattern with many stars takes no more time than its length allows", () => {
  const began = process.cpuUsage();
  assert.not(channelPattern("a*".repeat(127))(`${"a".repeat(255)}b`.slice(0, 100)));
  assert.ok(process.cpuUsage(began).user < 100_000);
});

test("an empty pattern, and one that is too long, are rejected with an example", () => {
  for (const pattern of ["", "x".repeat(257)])
    assert.throws(() => channelPatterns(["a", pattern]), /is not a pattern for channels: .* orders-\*/);
});

test.run();

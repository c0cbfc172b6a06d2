import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkComplete, checkOrder, oneOrder } from "./order.ts";

const ORDER = ["a", "b", "c", "d"];

for (const [title, from, got, expected] of [
  ["the beginning of the rest is right so far", 1, ["b", "c"], undefined],
  ["a message is left out", 0, ["a", "c"], { kind: "lost", id: "b", at: 1 }],
  ["the first message is left out", 1, ["c", "d"], { kind: "lost", id: "b", at: 0 }],
  ["a message comes twice", 0, ["a", "b", "a"], { kind: "repeated", id: "a", at: 2 }],
  ["a message from before the position comes", 2, ["b", "c"], { kind: "repeated", id: "b", at: 0 }],
  ["two messages change places", 0, ["b", "a"], { kind: "reordered", id: "b", at: 0 }],
  ["a message was never in the order", 0, ["a", "x"], { kind: "foreign", id: "x", at: 1 }],
] as const)
  test(`a reader's messages: ${title}`, () => {
    assert.equal(checkOrder(ORDER, from, got), expected);
  });

test("a complete reader has everything up to the end", () => {
  assert.is(checkComplete(ORDER, 1, 4, ["b", "c", "d"]), undefined);
  assert.equal(checkComplete(ORDER, 1, 4, ["b", "c"]), { kind: "lost", id: "d", at: 2 });
  assert.equal(checkComplete(ORDER, 1, 3, ["b", "c", "d"]), { kind: "foreign", id: "d", at: 2 });
});

test("one order explains several readers", () => {
  assert.equal(
    oneOrder([
      ["a", "b"],
      ["b", "c"],
      ["a", "c"],
    ]),
    ["a", "b", "c"],
  );
});

test("readers that saw two messages in different orders are in conflict", () => {
  assert.equal(
    oneOrder([
      ["a", "b"],
      ["b", "a"],
    ]),
    { first: "b", second: "a" },
  );
});

test("a reader that saw a message twice is in conflict with itself", () => {
  assert.not(Array.isArray(oneOrder([["a", "b", "a"]])));
});

test.run();

import type { RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FeedWindow } from "./feed-window.ts";

/** A page of the messages `first` to `last`. The cursor of a message is its number with a dash. */
function page(first: number, last: number, json = "0"): RawPage {
  const messages = [];
  for (let n = first; n <= last; n++) messages.push({ cursor: `-${n}`, json });
  return { messages, from: `-${first - 1}`, cursor: `-${last}`, more: false, closed: false };
}

test("a whole page is returned as the same object, so that its encoding is reused", () => {
  const window = new FeedWindow();
  const newest = page(4, 6);
  window.push(page(1, 3));
  window.push(newest);
  assert.is(window.after("-3"), newest);
});

test("after a cursor inside a page come the rest of that page and all later pages", () => {
  const window = new FeedWindow();
  for (const [first, last] of [
    [1, 3],
    [4, 6],
    [7, 7],
  ] as const)
    window.push(page(first, last));
  const found = window.after("-2");
  assert.equal(
    found?.messages.map(({ cursor }) => cursor),
    ["-3", "-4", "-5", "-6", "-7"],
  );
  assert.is(found?.from, "-2");
  assert.is(found?.cursor, "-7");
});

test("a cursor that is not in the window gives undefined", () => {
  const window = new FeedWindow();
  assert.is(window.after("-0"), undefined);
  window.push(page(2, 3));
  assert.is(window.after("-0"), undefined);
  assert.is(window.after("-9"), undefined);
});

test("the oldest pages are dropped by count and by size, but never the newest", () => {
  const window = new FeedWindow();
  window.push(page(1, 600));
  window.push(page(601, 1_200));
  assert.is(window.after("-0"), undefined);
  assert.is(window.after("-600")?.messages.length, 600);
  window.push(page(1_201, 1_201, "9".repeat(300_000)));
  assert.is(window.after("-600"), undefined);
  assert.is(window.after("-1200")?.messages.length, 1);
});

test.run();

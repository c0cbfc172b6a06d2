import type { RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FeedWindow } from "./feed-window.ts";

/** Messages `first` to `last`; a message's cursor is its number with a dash. */
function page(first: number, last: number, json = "0"): RawPage {
  const messages = [];
  for (let n = first; n <= last; n++) messages.push({ cursor: `-${n}`, json });
  return { messages, from: `-${first - 1}`, cursor: `-${last}`, more: false, closed: false };
}

test("a page is found again as it is, so that its encoding is too", () => {
  const window = new FeedWindow();
  const newest = page(4, 6);
  window.push(page(1, 3));
  window.push(newest);
  assert.is(window.after("-3"), newest);
});

test("what follows a cursor inside a page goes on through the later pages", () => {
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

test("a cursor that the window does not have is not guessed at", () => {
  const window = new FeedWindow();
  assert.is(window.after("-0"), undefined);
  window.push(page(2, 3));
  assert.is(window.after("-0"), undefined);
  assert.is(window.after("-9"), undefined);
});

test("the oldest pages make room, by count and by size, and the newest always stays", () => {
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

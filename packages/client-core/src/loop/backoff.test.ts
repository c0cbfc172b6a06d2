import { test } from "uvu";
import * as assert from "uvu/assert";
import { fullJitter, readRetryAfter } from "./backoff.ts";

/** With this many draws, a bound that is too low by a tenth goes unnoticed once in 10^9 runs. */
const DRAWS = 200;

for (const [failures, boundMs] of [
  [1, 1_000],
  [2, 2_000],
  [4, 8_000],
  [7, 60_000],
  [2_000, 60_000],
] as const) {
  test(`after ${failures} failures, a random time below ${boundMs} ms`, () => {
    const draws = Array.from({ length: DRAWS }, () => fullJitter(failures));
    assert.ok(draws.every((ms) => ms >= 0 && ms < boundMs));
    assert.ok(Math.max(...draws) > boundMs * 0.9);
    assert.ok(Math.min(...draws) < boundMs * 0.1);
  });
}

test("Retry-After is a number of seconds or a date", () => {
  assert.is(readRetryAfter("120"), 120_000);
  assert.is(readRetryAfter("0"), 0);
  assert.is(readRetryAfter(new Date(0).toUTCString()), undefined);
  for (const header of [null, "", "soon", "-1", "1.5e3"]) assert.is(readRetryAfter(header), undefined);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { EngineClock } from "./engine-clock.ts";

/** Longer than a test takes, in milliseconds. */
const SLACK_MS = 60_000;

function assertNear(clock: EngineClock, ms: number): void {
  assert.ok(Math.abs(clock.now() - ms) < SLACK_MS, `${clock.now()} is near ${ms}`);
}

test("the clock advances from the time that the engine reported", () => {
  const clock = new EngineClock();
  assert.is(clock.now(), Number.POSITIVE_INFINITY);
  clock.hear(1_000_000_000);
  const before = clock.now();
  assertNear(clock, 1_000_000_000);
  while (clock.now() === before);
  assert.ok(clock.now() > before);
});

test("the clock ignores a forward jump of the engine and follows a backward one", () => {
  const clock = new EngineClock();
  clock.hear(1_000_000_000);
  clock.hear(1_000_000_000 + 7_200_000);
  assertNear(clock, 1_000_000_000);
  clock.hear(1_000_000_000 - 7_200_000);
  assertNear(clock, 1_000_000_000 - 7_200_000);
});

test("this process's wall clock has no effect", () => {
  const clock = new EngineClock();
  clock.hear(1_000_000_000);
  const { now } = Date;
  Date.now = () => now() + 7_200_000;
  try {
    assertNear(clock, 1_000_000_000);
  } finally {
    Date.now = now;
  }
});

test.run();

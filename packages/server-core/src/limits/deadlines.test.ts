import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { Clock } from "../feed/clock.ts";
import { Deadlines } from "./deadlines.ts";

test("deadlines expire in order, at most one step early, and never after they were called off", async () => {
  const deadlines = new Deadlines();
  const started = performance.now();
  const over: [number, number][] = [];
  for (const waitMs of [250, 120, 180])
    deadlines.add(() => over.push([waitMs, performance.now() - started]), waitMs);
  deadlines.add(() => assert.unreachable("it was called off"), 150).callOff();
  await until(() => over.length === 3, "all are over");
  assert.equal(
    over.map(([waitMs]) => waitMs),
    [120, 180, 250],
  );
  for (const [waitMs, tookMs] of over) assert.ok(tookMs >= waitMs - 51, `${waitMs} took ${tookMs}`);
});

test("a deadline that is added after all others have expired expires too", async () => {
  const deadlines = new Deadlines();
  for (let n = 0; n < 2; n++) {
    let over = false;
    deadlines.add(() => {
      over = true;
    }, 60);
    await until(() => over, "it is over");
  }
});

test("a clock ticks once a period for each member, in groups, until the member leaves", async () => {
  const clock = new Clock(160);
  const beats = [0, 0, 0];
  const stops = beats.map((_, index) => clock.add(() => (beats[index] = (beats[index] ?? 0) + 1)));
  await until(() => beats.every((count) => count >= 2), "two ticks");
  assert.ok(Math.max(...beats) - Math.min(...beats) <= 1, "all members at the same pace");
  stops[0]?.();
  const before = beats[0];
  const other = beats[1] ?? 0;
  await until(() => (beats[1] ?? 0) > other + 1, "two more ticks of another member");
  assert.is(beats[0], before);
  stops[1]?.();
  stops[2]?.();
});

test.run();

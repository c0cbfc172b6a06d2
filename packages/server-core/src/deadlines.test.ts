import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../test/serving.ts";
import { Clock } from "./clock.ts";
import { Deadlines } from "./deadlines.ts";

test("times are over in their order, a step early at most, and what is called off never", async () => {
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

test("what is added when all were over is over as well", async () => {
  const deadlines = new Deadlines();
  for (let n = 0; n < 2; n++) {
    let over = false;
    deadlines.add(() => {
      over = true;
    }, 60);
    await until(() => over, "it is over");
  }
});

test("a clock beats for each member once a period, in groups, until it leaves", async () => {
  const clock = new Clock(160);
  const beats = [0, 0, 0];
  const stops = beats.map((_, index) => clock.add(() => (beats[index] = (beats[index] ?? 0) + 1)));
  await until(() => beats.every((count) => count >= 2), "two beats");
  assert.ok(Math.max(...beats) - Math.min(...beats) <= 1, "all at one pace");
  stops[0]?.();
  const before = beats[0];
  const other = beats[1] ?? 0;
  await until(() => (beats[1] ?? 0) > other + 1, "two more beats of another");
  assert.is(beats[0], before);
  stops[1]?.();
  stops[2]?.();
});

test.run();

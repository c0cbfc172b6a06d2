import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LagMonitor } from "./lag.ts";

/** Block this process. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test("a long stall makes the process late, but not for what starts afterwards", async () => {
  const lag = new LagMonitor();
  lag.start();
  const moment = performance.now();
  standStill(300);
  assert.ok(lag.isLate(moment), "before the next sample");
  await delay(50);
  assert.ok(lag.isLate(moment));
  assert.ok(lag.since(moment) >= 250);
  lag.stop();
});

test("lag counts only within an interval", async () => {
  const lag = new LagMonitor();
  lag.start();
  await delay(50);
  const from = performance.now();
  standStill(300);
  const to = performance.now();
  assert.ok(lag.within({ from, to }) >= 250, "before the next sample");
  assert.is(lag.within({ from: from - 100_000, to: from - 50_000 }), 0);
  await delay(50);
  const half = lag.within({ from, to: from + 150 });
  assert.ok(half >= 100 && half <= 150, `${half}`);
  lag.stop();
});

test("many short stalls make the process late too", async () => {
  const lag = new LagMonitor();
  lag.start();
  const moment = performance.now();
  for (let n = 0; n < 5; n++) {
    standStill(100);
    await delay(25);
  }
  assert.ok(lag.isLate(moment));
  lag.stop();
});

test("without stalls, the process is not late for long", async () => {
  const lag = new LagMonitor();
  lag.start();
  // A busy machine may stall this process at any time, but not forever.
  for (;;) {
    const moment = performance.now();
    await delay(200);
    if (!lag.isLate(moment)) break;
  }
  lag.stop();
});

test.run();

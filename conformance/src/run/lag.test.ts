import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LagMonitor } from "./lag.ts";

/** Let nothing else run in this process. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test("one long stall makes a process late, and it is over for what begins afterwards", async () => {
  const lag = new LagMonitor();
  lag.start();
  const moment = performance.now();
  standStill(300);
  assert.ok(lag.isLate(moment), "before it was sampled");
  await delay(50);
  assert.ok(lag.isLate(moment));
  assert.ok(lag.since(moment) >= 250);
  lag.stop();
});

test("many short stalls make a process late too", async () => {
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

test("a process that nothing stops is not late for long", async () => {
  const lag = new LagMonitor();
  lag.start();
  // A busy machine can stop this process at any time, but not for ever.
  for (;;) {
    const moment = performance.now();
    await delay(200);
    if (!lag.isLate(moment)) break;
  }
  lag.stop();
});

test.run();

// Many short stalls of this process can delay a response as much as a long one.
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LagMonitor } from "../../engine/run/lag.ts";
import { promptly } from "./promptly.ts";

/** Stand still a few times, for 60 ms each; returns when that began and how long it took. */
async function stalled(lag: LagMonitor, times: number): Promise<{ from: number; ms: number }> {
  const from = performance.now();
  lag.start();
  for (let n = 0; n < times; n += 1) {
    const end = performance.now() + 60;
    while (performance.now() < end);
    await setImmediate();
  }
  lag.stop();
  return { from, ms: performance.now() - from };
}

test("stalls that add up to half of the delay make a late head a claim about time", async () => {
  const lag = new LagMonitor();
  const { from, ms } = await stalled(lag, 10);
  const late = promptly(lag, "the head", from, [0, ms], 100);
  assert.is(late.ok, false);
  assert.is(late.timed, true);
});

test("a delay that is much longer than the stalls is a finding", async () => {
  const lag = new LagMonitor();
  const { from } = await stalled(lag, 1);
  assert.is(promptly(lag, "the head", from, [0, 60_000], 100).timed, false);
});

test.run();

import { rm } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLOCK_OPTIONS, jumpWallClock } from "../../../log/test/wall-clock.ts";
import { temporaryDirectory } from "../../test/lmdb-harness.ts";
import { LmdbLog } from "../lmdb-log.ts";
import { LogClock } from "./log-clock.ts";

const HOUR_MS = 3_600_000;

/** A machine with manual clocks. */
function machine() {
  const state = { boot: "a", upMs: 5_000, wallMs: 1_000_000 };
  return {
    state,
    pass: (ms: number) => {
      state.upMs += ms;
      state.wallMs += ms;
    },
    sources: {
      monotonicMs: () => state.upMs,
      uptimeMs: () => state.upMs,
      boot: () => state.boot,
      wallMs: () => state.wallMs,
    },
  };
}

test("a new log starts at the wall clock's time and then advances independently", () => {
  const { state, sources, pass } = machine();
  const clock = new LogClock(undefined, sources);
  assert.is(clock.now(), 1_000_000);
  state.wallMs += 2 * HOUR_MS;
  assert.is(clock.now(), 1_000_000);
  pass(10);
  assert.is(clock.now(), 1_000_010);
});

test("between openings the time advances by the uptime", () => {
  for (const jumpMs of [2 * HOUR_MS, -2 * HOUR_MS]) {
    const { state, sources, pass } = machine();
    const anchor = new LogClock(undefined, sources).anchor();
    pass(500);
    state.wallMs += jumpMs;
    assert.is(new LogClock(anchor, sources).now(), 1_000_500);
  }
});

test("between boots the time advances by the wall clock, and never backwards", () => {
  const { state, sources } = machine();
  const anchor = new LogClock(undefined, sources).anchor();
  Object.assign(state, { boot: "b", upMs: 3, wallMs: 1_060_000 });
  assert.is(new LogClock(anchor, sources).now(), 1_060_000);
  state.wallMs = 10;
  assert.is(new LogClock(anchor, sources).now(), 1_000_000);
});

test("the anchor is written at once, and again every minute", () => {
  const { sources, pass } = machine();
  const clock = new LogClock(undefined, sources);
  assert.type(clock.anchor(), "string");
  clock.written();
  assert.is(clock.anchor(), undefined);
  pass(60_000);
  assert.type(clock.anchor(), "string");
});

test("a jump of the wall clock expires no message and no key, now or at the next opening", async () => {
  const directory = await temporaryDirectory();
  let log = await LmdbLog.open(directory, CLOCK_OPTIONS);
  await jumpWallClock(log);
  await log.append("other", [{ json: "1" }], { key: { id: "k", digest: "d" } });
  await log.dispose();
  const { now } = Date;
  for (const jumpMs of [2 * HOUR_MS, -2 * HOUR_MS]) {
    Date.now = () => now() + jumpMs;
    log = await LmdbLog.open(directory, CLOCK_OPTIONS);
    const { replayed } = await log.append("other", [{ json: "1" }], { key: { id: "k", digest: "d" } });
    const { messages } = await log.read("news", "start", { maxMessages: 9 });
    await log.dispose();
    Date.now = now;
    if (process.platform === "linux") assert.equal([replayed, messages.length], [true, 3]);
  }
  await rm(directory, { recursive: true });
});

test.run();

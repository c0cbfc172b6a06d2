import { getEventListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { onAbort } from "./on-abort.ts";

const count = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

test("all callbacks share one listener, and the last unsubscribe removes it", () => {
  const { signal } = new AbortController();
  const leave = [1, 2, 3].map(() => onAbort(signal, () => assert.unreachable()));
  assert.is(count(signal), 1);
  for (const each of leave) each();
  assert.is(count(signal), 0);
  onAbort(signal, () => {})();
  assert.is(count(signal), 0);
});

test("all callbacks are called once, in order, even if two are the same function", () => {
  const controller = new AbortController();
  const called: number[] = [];
  const twice = () => called.push(2);
  for (const callback of [() => called.push(1), twice, twice]) onAbort(controller.signal, callback);
  controller.abort();
  assert.equal(called, [1, 2, 2]);
  assert.is(count(controller.signal), 0);
});

test("an aborted signal calls back at once", () => {
  let calls = 0;
  const signal = AbortSignal.abort();
  onAbort(signal, () => {
    calls += 1;
  })();
  assert.is(calls, 1);
  assert.is(count(signal), 0);
});

test("callbacks may be added and removed while the signal aborts", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const leave = onAbort(controller.signal, () => {
    leave();
    onAbort(controller.signal, () => called.push("late"));
  });
  controller.abort();
  assert.equal(called, ["late"]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { HealthState } from "./log-health.ts";

const GOOD = { usable: true, detail: "reached" };
const AWAY = { usable: false, detail: "cannot be reached" };

/** Resolves after the microtasks that call listeners. */
function turn(): Promise<void> {
  return new Promise(setImmediate);
}

function listened(state: HealthState): string[] {
  const details: string[] = [];
  state.listen(({ detail }) => details.push(detail));
  return details;
}

test("a listener is called once for each change", async () => {
  const state = new HealthState(GOOD);
  const details = listened(state);
  state.set(GOOD);
  state.set(AWAY);
  state.set({ usable: false, detail: "still away" });
  state.set(GOOD);
  await turn();
  assert.equal(details, ["cannot be reached", "reached"]);
});

test("the current state is the latest one, even if no listener was called", async () => {
  const state = new HealthState(AWAY);
  state.set({ usable: false, detail: "still away" });
  assert.equal(state.present, { usable: false, detail: "still away" });
});

test("a message without a change has the current state", async () => {
  const state = new HealthState(GOOD);
  const seen: unknown[] = [];
  state.listen((health) => seen.push(health));
  state.tell("the stream was created again");
  await turn();
  assert.equal(seen, [{ usable: true, detail: "the stream was created again" }]);
  assert.equal(state.present, GOOD);
});

test("an ended listener is not called, and ending it leaves the others active", async () => {
  const state = new HealthState(GOOD);
  let calls = 0;
  const count = (): void => {
    calls += 1;
  };
  const end = state.listen(count);
  state.listen(count);
  end();
  end();
  state.set(AWAY);
  await turn();
  assert.is(calls, 1);
});

test("no listener is called after the end", async () => {
  const state = new HealthState(GOOD);
  const details = listened(state);
  state.set(AWAY);
  state.end("disposed of");
  state.set(GOOD);
  await turn();
  assert.equal(details, []);
});

test.run();

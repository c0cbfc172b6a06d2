import { test } from "uvu";
import * as assert from "uvu/assert";
import { HealthState } from "./log-health.ts";

const GOOD = { usable: true, detail: "reached" };
const AWAY = { usable: false, detail: "cannot be reached" };

/** Resolves after the microtasks in which listeners are called. */
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

test("the present state is the latest one, also where nobody was called", async () => {
  const state = new HealthState(AWAY);
  state.set({ usable: false, detail: "still away" });
  assert.equal(state.present, { usable: false, detail: "still away" });
});

test("what is told beside a change has the present state", async () => {
  const state = new HealthState(GOOD);
  const seen: unknown[] = [];
  state.listen((health) => seen.push(health));
  state.tell("the stream was created again");
  await turn();
  assert.equal(seen, [{ usable: true, detail: "the stream was created again" }]);
  assert.equal(state.present, GOOD);
});

test("a listener that has ended is not called, and ends no other one", async () => {
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

test("after the end nobody is called", async () => {
  const state = new HealthState(GOOD);
  const details = listened(state);
  state.set(AWAY);
  state.end("disposed of");
  state.set(GOOD);
  await turn();
  assert.equal(details, []);
});

test.run();

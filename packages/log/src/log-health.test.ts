import { test } from "uvu";
import * as assert from "uvu/assert";
import { HealthState } from "./log-health.ts";

const GOOD = { usable: true, detail: "reached" };
const AWAY = { usable: false, detail: "cannot be reached" };

function listened(state: HealthState): string[] {
  const details: string[] = [];
  state.listen(({ detail }) => details.push(detail));
  return details;
}

test("a listener is called once for each change", () => {
  const state = new HealthState(GOOD);
  const details = listened(state);
  state.set(GOOD);
  state.set(AWAY);
  state.set({ usable: false, detail: "still away" });
  state.set(GOOD);
  assert.equal(details, ["cannot be reached", "reached"]);
});

test("the present state is the latest one, also where nobody was called", () => {
  const state = new HealthState(AWAY);
  state.set({ usable: false, detail: "still away" });
  assert.equal(state.present, { usable: false, detail: "still away" });
});

test("what is told beside a change has the present state", () => {
  const state = new HealthState(GOOD);
  const seen: unknown[] = [];
  state.listen((health) => seen.push(health));
  state.tell("the stream was created again");
  assert.equal(seen, [{ usable: true, detail: "the stream was created again" }]);
  assert.equal(state.present, GOOD);
});

test("a listener that has ended is not called, and ends no other one", () => {
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
  assert.is(calls, 1);
});

test("after the end nobody is called", () => {
  const state = new HealthState(GOOD);
  const details = listened(state);
  state.end("disposed of");
  state.set(GOOD);
  assert.equal(details, []);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { withoutSharedIds } from "./shared-ids.ts";
import type { StreamEvent } from "./stream.ts";

function event(id: string, name = "message", data = `${name} ${id}`): StreamEvent {
  return { id, event: name, data, lastId: id, lines: [], retryMs: undefined, atMs: 0 };
}

const shown = (events: readonly StreamEvent[]): string[] => events.map(({ event, id }) => `${event} ${id}`);

const LIVE = [event("4"), event("5"), event("6")];

test("a snapshot with the newest id is not an event of the feed", () => {
  const witness = [event("3", "snapshot"), ...LIVE];
  assert.equal(withoutSharedIds(witness, witness), LIVE);
  const other = [event("5", "snapshot"), event("6")];
  assert.equal(shown(withoutSharedIds(other, witness)), ["message 6"]);
});

test("the mark after a history is not an event of the feed", () => {
  const resumed = [event("5"), event("6"), event("6", "live", "{}")];
  assert.equal(shown(withoutSharedIds(resumed, LIVE)), ["message 5", "message 6"]);
});

test("events that lost their names in the history stay, so that they are found", () => {
  const named = [event("3"), ...LIVE].map((one) => ({ ...one, event: "changed" }));
  assert.equal(withoutSharedIds(LIVE, named).length, 3);
});

test("a unit of events that share an id stays", () => {
  const unit = [event("4", "begin"), event("4", "end"), event("5", "begin"), event("5", "end")];
  assert.equal(withoutSharedIds(unit, unit), unit);
});

test("one id for all events stays, so that it is found", () => {
  const same = [event("1", "a"), event("1", "b"), event("1", "c")];
  assert.equal(withoutSharedIds(same, same), same);
});

test.run();

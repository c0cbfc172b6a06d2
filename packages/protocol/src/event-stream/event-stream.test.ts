import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { encodeEvent, isEventName } from "./event-stream.ts";

for (const { id, text, valid } of vectors<{ text: string; valid: boolean }>("event-names")) {
  test(id, () => assert.is(isEventName(text), valid));
}

test("the first block of a stream", () => {
  assert.is(
    encodeEvent({ retry: 1000, event: "$open", data: '{"heartbeat":15}', id: "e.1" }),
    'retry: 1000\nevent: $open\ndata: {"heartbeat":15}\nid: e.1\n\n',
  );
});

test("a message without a name, a bookmark and a refusal", () => {
  assert.is(encodeEvent({ data: "1", id: "e.1" }), "data: 1\nid: e.1\n\n");
  assert.is(encodeEvent({ event: "message", data: "1", id: "e.1" }), "data: 1\nid: e.1\n\n");
  assert.is(encodeEvent({ id: "e.1" }), "id: e.1\n\n");
  assert.is(encodeEvent({ retry: 5000 }), "retry: 5000\n\n");
});

test("a field that would end its line throws", () => {
  for (const bad of ["a\nid: x", "a\r", "a\0"]) {
    assert.throws(() => encodeEvent({ event: bad }), TypeError);
    assert.throws(() => encodeEvent({ data: bad }), TypeError);
    assert.throws(() => encodeEvent({ id: bad }), TypeError);
  }
});

test.run();

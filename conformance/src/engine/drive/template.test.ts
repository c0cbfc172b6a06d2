import { test } from "uvu";
import * as assert from "uvu/assert";
import { draft } from "./driver.ts";
import { renderJson, renderText, renderUrl, takesAll } from "./template.ts";

const values = { channel: "a b/ü", drafts: [{ json: "1e20", event: "note" }, draft("x")] };

test("a payload is sent as written, with the text of its numbers", () => {
  const template = { topic: "{channel}", kind: "{event}", n: 1, body: "{payload}", list: [true, null] };
  assert.is(
    renderJson(template, values),
    '{"topic":"a b/ü","kind":"note","n":1,"body":1e20,"list":[true,null]}',
  );
});

test("a payload inside a longer text is its JSON text", () => {
  assert.is(
    renderJson({ a: "v={payload}" }, { channel: "c", drafts: [draft('"')] }),
    '{"a":"v=\\"\\\\\\"\\""}',
  );
  assert.is(renderText("{event}: {payload}", { channel: "c", drafts: [draft({ a: 1 }, "e")] }), 'e: {"a":1}');
});

test("text in a message is never taken for a placeholder", () => {
  assert.is(
    renderJson("{payload}", { channel: "c", drafts: [draft("{channel}{event}")] }),
    '"{channel}{event}"',
  );
  assert.is(renderText("{payload}", { channel: "c", drafts: [draft("{channel}")] }), '"{channel}"');
});

test("all messages at once", () => {
  assert.ok(takesAll({ a: ["{messages}"] }));
  assert.not.ok(takesAll({ a: "{payload}" }));
  assert.is(renderJson({ all: "{messages}" }, values), '{"all":[{"event":"note","data":1e20},{"data":"x"}]}');
});

test("a channel's name is percent-encoded in a URL", () => {
  assert.is(renderUrl("http://h/{channel}?e={event}", values), "http://h/a%20b%2F%C3%BC?e=note");
});

test("an event name without a placeholder in the template is an error", () => {
  assert.throws(() => renderJson({ a: "{payload}" }, values), /no place for the event name "note"/);
  assert.is(renderJson("{payload}", { channel: "c", drafts: [draft(1, "message")] }), "1");
});

test.run();

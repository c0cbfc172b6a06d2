import { test } from "uvu";
import * as assert from "uvu/assert";
import { acceptOf, choose } from "./accept.ts";

/** The examples of core, "Choice of mechanism", and what they leave open. */
const EXAMPLES: readonly (readonly [fields: readonly string[], wanted: "json" | "sse"])[] = [
  [[], "json"],
  [["*/*"], "json"],
  [["text/html"], "json"],
  [["text/event-stream"], "sse"],
  [["Text/Event-Stream;charset=utf-8"], "sse"],
  [["text/event-stream, application/json"], "sse"],
  [["text/event-stream;q=0.5, application/json"], "json"],
  [["text/event-stream;q=0, */*"], "json"],
  [["application/json;q=0.5", "text/event-stream;q=0.9"], "sse"],
  [["text/event-stream;q=high, application/json;q=0.9"], "sse"],
  [['text/html;x="a,text/event-stream"'], "json"],
];

for (const [fields, wanted] of EXAMPLES)
  test(`Accept: ${fields.join(" | ") || "none"} asks for ${wanted}`, () => {
    assert.is(choose(fields), wanted);
  });

test("each number has fields of its own, which ask for what is wanted", () => {
  const all = new Set<string>();
  for (let number = 0; number < 200; number += 1)
    for (const wanted of ["json", "sse"] as const) {
      const fields = acceptOf(number, wanted);
      assert.is(choose(fields), wanted, fields.join(" | "));
      assert.equal(acceptOf(number, wanted), fields);
      all.add(fields.join("\n"));
    }
  assert.ok(all.size > 100, `only ${all.size} different fields`);
});

test.run();

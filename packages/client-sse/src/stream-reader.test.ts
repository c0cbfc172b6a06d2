import { test } from "uvu";
import * as assert from "uvu/assert";
import { StreamReader } from "./stream-reader.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test("what came before an event that is too large is handed on, and then nothing more", () => {
  const reader = new StreamReader();
  const { batch, alive, fault } = reader.read(encode(`data: 1\nid: P1\n\ndata: "${"x".repeat(16 << 20)}"\n`));
  assert.equal(batch, { messages: [{ cursor: "P1", data: 1 }], cursor: "P1" });
  assert.is(alive, true);
  assert.instance(fault, RangeError);
  assert.equal(reader.read(encode("\ndata: 2\nid: P2\n\n")), { batch: undefined, alive: false, fault });
});

test.run();

import { TooLargeError } from "@tidemark/client-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createStreamReader } from "./stream-reader.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test("messages before an oversized event are delivered, with an error that names its cursor and size", () => {
  const read = createStreamReader("start", 1_000_000);
  const large = `data: "${"x".repeat(1 << 20)}"\nid: P2\n\n`;
  const { batch, heartbeatMs, fault } = read(encode(`data: 1\nid: P1\n\n${large}`));
  assert.equal(batch, { messages: [{ cursor: "P1", data: 1 }], cursor: "P1" });
  assert.is(heartbeatMs, 15_000);
  assert.instance(fault, TooLargeError);
  const { cursor, size } = fault as TooLargeError;
  assert.is(cursor, "P2");
  assert.ok(size >= 1 << 20 && size < (1 << 20) + 100, `${size}`);
});

/** The heartbeat that a reader uses after a first block with this data. */
function heartbeatMsAfter(data: string): number | undefined {
  const read = createStreamReader("start", 1_000);
  return read(encode(`retry: 1\nevent: $open\ndata: ${data}\nid: P0\n\n`)).heartbeatMs;
}

test("a heartbeat from 1 to 300 is used", () => {
  assert.is(heartbeatMsAfter('{"heartbeat":1}'), 1_000);
  assert.is(heartbeatMsAfter('{"heartbeat":300}'), 300_000);
});

test("an invalid heartbeat is replaced by the default", () => {
  for (const value of ["0", "-1", "301", "1e10", "1.5", '"2"', "null", "true", "[2]"])
    assert.is(heartbeatMsAfter(`{"heartbeat":${value}}`), 15_000, value);
  for (const data of ["{}", "[]"]) assert.is(heartbeatMsAfter(data), 15_000, data);
});

test.run();

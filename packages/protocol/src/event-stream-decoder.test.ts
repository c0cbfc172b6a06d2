import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toBytes, type VectorBytes, vectors } from "../scripts/vectors.ts";
import type { StreamEvent, StreamItem } from "./event-block.ts";
import { encodeEvent } from "./event-stream.ts";
import { createEventStreamDecoder } from "./event-stream-decoder.ts";

function decode(chunks: Iterable<Uint8Array>, maxEventBytes?: number): StreamItem[] {
  const decoder = createEventStreamDecoder(maxEventBytes === undefined ? {} : { maxEventBytes });
  return [...chunks].flatMap((chunk) => decoder.push(chunk));
}

/** The chunks between the cuts. */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const oneByOne = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
const joined = (chunks: readonly VectorBytes[]) =>
  new Uint8Array(Buffer.concat(chunks.map((chunk) => toBytes(chunk))));

/** What a client keeps of a stream. */
function summary(items: readonly StreamItem[]) {
  const events: StreamEvent[] = [];
  let lastEventId = "";
  let retryMs: number | null = null;
  for (const item of items) {
    if (item.type === "event") {
      events.push(item.event);
      lastEventId = item.event.id;
    } else if (item.type === "bookmark") lastEventId = item.id;
    else if (item.type === "retry") retryMs = item.retryMs;
  }
  return { events, lastEventId, retryMs };
}

interface StreamVector {
  readonly chunks: readonly VectorBytes[];
  readonly events: readonly StreamEvent[];
  readonly lastEventId: string;
  readonly retryMs: number | null;
}

const streams = vectors<StreamVector>("event-stream");

for (const { id, chunks, events, lastEventId, retryMs } of streams) {
  test(id, () => {
    const expected = { events, lastEventId, retryMs };
    const whole = joined(chunks);
    assert.equal(summary(decode(chunks.map(toBytes))), expected, "in the vector's chunks");
    assert.equal(summary(decode([whole])), expected, "whole");
    assert.equal(summary(decode(oneByOne(whole))), expected, "one byte at a time");
  });
}

test("no split changes what is read", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "data",
      "id",
      "event",
      "retry",
      "",
      ":",
      "dat",
      "data: é€😀",
      "id: a.1",
      "id: \0",
      "retry: 7",
    ),
    fc.string({ unit: "binary" }).map((text) => `data:${text}`),
    fc.string().map((text) => text),
  );
  const end = fc.constantFrom("\n", "\r", "\r\n");
  const stream = fc.array(fc.tuple(line, end)).map((lines) => Buffer.from(lines.flat().join("")));
  const bytes = fc.oneof(
    stream,
    fc.uint8Array(),
    fc.constantFrom(...streams.map(({ chunks }) => joined(chunks))),
  );
  fc.assert(
    fc.property(bytes, fc.array(fc.nat()), (input, cuts) => {
      const whole = decode([input]);
      assert.equal(decode(split(input, cuts)), whole);
      assert.equal(decode(oneByOne(input)), whole);
    }),
    { numRuns: 500 },
  );
});

test("what is encoded is decoded, whatever the split", () => {
  const json = fc.json().map((text) => text.replace(/[\r\n]/g, ""));
  const events = fc.array(fc.record({ event: fc.constantFrom("message", "a:b", "$heartbeat"), data: json }));
  fc.assert(
    fc.property(events, fc.array(fc.nat()), (list, cuts) => {
      const expected = list.map((fields, index) => ({ ...fields, id: `e.${index}` }));
      const bytes = Buffer.from(expected.map(encodeEvent).join(""));
      assert.equal(summary(decode(split(bytes, cuts))).events, expected);
    }),
  );
});

test("a CR at the end of what arrived dispatches at once, and its LF is no line of its own", () => {
  const { push } = createEventStreamDecoder();
  const event = { type: "event", event: { event: "message", data: "x", id: "" } };
  assert.equal(push(toBytes("data: x\r\n\r")), [event]);
  assert.equal(push(toBytes("")), []);
  assert.equal(push(toBytes("\ndata: x\r")), []);
  assert.equal(push(toBytes("\r")), [event]);
});

test("comments, retries, events and bookmarks come in the stream's order", () => {
  assert.equal(decode([toBytes(": hello\nretry: 5\n\ndata: 1\nid: a\n\nid: b\n\n\nid\n\n:\n")]), [
    { type: "comment", text: "hello" },
    { type: "retry", retryMs: 5 },
    { type: "event", event: { event: "message", data: "1", id: "a" } },
    { type: "bookmark", id: "b" },
    { type: "bookmark", id: "" },
    { type: "comment", text: "" },
  ]);
});

const LARGE = `data: ${"x".repeat(40)}`;

test("an event at the bound passes, one above it is thrown, however it arrives", () => {
  const atBound = `${LARGE}\nid: a\n\n`;
  const bytes = toBytes(`${atBound}${atBound}${LARGE}\nid: ab\n\n`);
  const first = { type: "event", event: { event: "message", data: "x".repeat(40), id: "a" } };
  for (const chunks of [[bytes], oneByOne(bytes), split(bytes, [10, 47, 53, 60])]) {
    const decoder = createEventStreamDecoder({ maxEventBytes: LARGE.length + 5 });
    const items: StreamItem[] = [];
    const feed = () => {
      for (const chunk of [...chunks, new Uint8Array()]) items.push(...decoder.push(chunk));
    };
    assert.throws(feed, (error: unknown) => error instanceof RangeError);
    assert.equal(items, [first, first]);
    assert.throws(() => decoder.push(toBytes("\n\ndata: 1\n\n")), /larger than 51 bytes/);
  }
});

test("comments are not kept, so that they can go on for ever", () => {
  const bytes = toBytes(`${": beat\n".repeat(100)}data: 1\n\n`);
  assert.is(decode(oneByOne(bytes), 10).length, 101);
  assert.throws(() => decode(oneByOne(toBytes(`:${"x".repeat(100)}`)), 10), RangeError);
});

test.run();

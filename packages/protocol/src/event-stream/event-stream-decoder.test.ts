import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toBytes, type VectorBytes, vectors } from "../../scripts/vectors.ts";
import { encodeEvent } from "./event-stream.ts";
import { createEventStreamDecoder, type EventStreamDecoderOptions } from "./event-stream-decoder.ts";

interface StreamEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

type StreamItem = StreamEvent | { bookmark: string } | { retryMs: number } | { comment: string };

/** A decoder, and everything that it has decoded. */
function collecting(options?: EventStreamDecoderOptions) {
  const items: StreamItem[] = [];
  const sink = {
    event: (event: string, data: string, id: string) => items.push({ event, data, id }),
    bookmark: (bookmark: string) => items.push({ bookmark }),
    retry: (retryMs: number) => items.push({ retryMs }),
    comment: (comment: string) => items.push({ comment }),
  };
  return { ...createEventStreamDecoder(sink, options), items };
}

function decode(chunks: Iterable<Uint8Array>, maxEventBytes?: number): StreamItem[] {
  const { push, items } = collecting(maxEventBytes === undefined ? {} : { maxEventBytes });
  for (const chunk of chunks) push(chunk);
  return items;
}

/** What is decoded up to the bound, and whether an event exceeds the bound. */
function decodeBounded(chunks: Iterable<Uint8Array>, maxEventBytes: number) {
  const { push, items } = collecting({ maxEventBytes });
  try {
    for (const chunk of chunks) push(chunk);
  } catch (error) {
    assert.instance(error, RangeError);
    return { items, tooLarge: true };
  }
  return { items, tooLarge: false };
}

/** The chunks between the cuts. */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const oneByOne = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
const joined = (chunks: readonly VectorBytes[]) =>
  new Uint8Array(Buffer.concat(chunks.map((chunk) => toBytes(chunk))));

/** What a client keeps from a stream. */
function summary(items: readonly StreamItem[]) {
  const events: StreamEvent[] = [];
  let lastEventId = "";
  let retryMs: number | null = null;
  for (const item of items) {
    if ("event" in item) {
      events.push(item);
      lastEventId = item.id;
    } else if ("bookmark" in item) lastEventId = item.bookmark;
    else if ("retryMs" in item) retryMs = item.retryMs;
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

test("no split changes the result", () => {
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

/** Blocks as servers write them, and slightly different ones. */
const nearlyUsual = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "", "event: a\n", "event: \n", "event:a\n", "events: a\n", ": c\n", "retry: 1\n"),
      fc.constantFrom(
        "data: {}\n",
        "data: é€😀\n",
        "data: \n",
        "data:x\n",
        "data\n",
        "data: 1\ndata: 2\n",
        "",
      ),
      fc.constantFrom(
        "id: b.1\n",
        "id: b.22\n",
        "id: \n",
        "id: \0\n",
        "id:c\n",
        "id\n",
        "id: d\nid: e\n",
        "",
      ),
      fc.constantFrom("\n", "\n", "\n", "\n\n", "event: z\n\n", "\r\n", ""),
    ),
    { maxLength: 12 },
  )
  .map((blocks) => Buffer.from(blocks.flat().join("")));

test("no split changes the result for usual and nearly usual blocks, whatever the bound", () => {
  fc.assert(
    fc.property(nearlyUsual, fc.array(fc.nat()), fc.integer({ min: 1, max: 40 }), (input, cuts, bound) => {
      const lines = decode(oneByOne(input));
      assert.equal(decode([input]), lines);
      assert.equal(decode(split(input, cuts)), lines);
      const bounded = decodeBounded(oneByOne(input), bound);
      assert.equal(decodeBounded([input], bound), bounded);
      assert.equal(decodeBounded(split(input, cuts), bound), bounded);
    }),
    { numRuns: 1_000 },
  );
});

test("decoding reverses encoding, whatever the split", () => {
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

test("a CR at the end of a chunk dispatches at once, and a following LF is not another line", () => {
  const { push, items } = collecting();
  const event = { event: "message", data: "x", id: "" };
  push(toBytes("data: x\r\n\r"));
  assert.equal(items, [event]);
  push(toBytes(""));
  push(toBytes("\ndata: x\r"));
  assert.equal(items, [event]);
  push(toBytes("\r"));
  assert.equal(items, [event, event]);
});

test("comments, retries, events and bookmarks keep the stream's order", () => {
  assert.equal(decode([toBytes(": hello\nretry: 5\n\ndata: 1\nid: a\n\nid: b\n\n\nid\n\n:\n")]), [
    { comment: "hello" },
    { retryMs: 5 },
    { event: "message", data: "1", id: "a" },
    { bookmark: "b" },
    { bookmark: "" },
    { comment: "" },
  ]);
});

const LARGE = `data: ${"x".repeat(40)}`;

test("an event at the bound passes, and one above it throws, whatever the split", () => {
  const atBound = `${LARGE}\nid: a\n\n`;
  const bytes = toBytes(`${atBound}${atBound}${LARGE}\nid: ab\n\n`);
  const first = { event: "message", data: "x".repeat(40), id: "a" };
  for (const chunks of [[bytes], oneByOne(bytes), split(bytes, [10, 47, 53, 60])]) {
    const { push, items } = collecting({ maxEventBytes: LARGE.length + 5 });
    assert.throws(() => chunks.forEach(push), /larger than 51 bytes/);
    assert.equal(items, [first, first]);
  }
});

test("an error of the sink is rethrown, and nothing after it is decoded", () => {
  const seen: string[] = [];
  const { push } = createEventStreamDecoder({
    event(_, data) {
      seen.push(data);
      if (data === "2") throw new Error("two");
    },
  });
  assert.throws(() => push(toBytes("data: 1\n\ndata: 2\n\ndata: 3\n\n")), /two/);
  assert.equal(seen, ["1", "2"]);
});

test("decoding continues after an event that is too large, which is reported with its id, whatever the split", () => {
  const readOn = (chunks: Iterable<Uint8Array>, maxEventBytes: number): StreamItem[] => {
    const items: StreamItem[] = [];
    const sink = {
      event: (event: string, data: string, id: string) => items.push({ event, data, id }),
      bookmark: (bookmark: string) => items.push({ bookmark }),
      retry: (retryMs: number) => items.push({ retryMs }),
      tooLarge: (length: number, id: string) => items.push({ event: "too large", data: `${length}`, id }),
    };
    const { push } = createEventStreamDecoder(sink, { maxEventBytes });
    for (const chunk of chunks) push(chunk);
    return items;
  };
  const text = `${LARGE}\nid: a\n\ndata: 1\n\n${LARGE}\ndata: 2\n\ndata: ${"y".repeat(9_000)}\nid: b\n\ndata: 3\n\n`;
  assert.equal(readOn([toBytes(text)], LARGE.length + 5), [
    { event: "message", data: "x".repeat(40), id: "a" },
    { event: "message", data: "1", id: "a" },
    { event: "too large", data: "53", id: "a" },
    { event: "too large", data: "9011", id: "b" },
    { event: "message", data: "3", id: "b" },
  ]);
  fc.assert(
    fc.property(nearlyUsual, fc.array(fc.nat()), fc.integer({ min: 1, max: 40 }), (input, cuts, bound) => {
      const bytes = new Uint8Array(Buffer.concat([input, Buffer.from("\n"), toBytes(text)]));
      const whole = readOn([bytes], bound);
      assert.equal(readOn(oneByOne(bytes), bound), whole);
      assert.equal(readOn(split(bytes, cuts), bound), whole);
    }),
    { numRuns: 100 },
  );
});

test("`pending` grows only with an event that has data", () => {
  const decoder = createEventStreamDecoder({ event() {} });
  const steps: readonly (readonly [string, number])[] = [
    [": hello", 0],
    [" again\n", 0],
    ["id: a", 0],
    ["\nretry: 7\nda", 0],
    ["ta: 123", 22],
    ["45", 24],
    ["\n:", 24],
    [" comment\n", 24],
    ["\n", 0],
    ["id: b\n\n", 0],
  ];
  for (const [text, expected] of steps) {
    decoder.push(toBytes(text));
    assert.is(decoder.pending, expected, JSON.stringify(text));
  }
});

test("comments are not kept, so there can be any number of them", () => {
  const bytes = toBytes(`${": beat\n".repeat(100)}data: 1\n\n`);
  assert.is(decode(oneByOne(bytes), 10).length, 101);
  assert.throws(() => decode(oneByOne(toBytes(`:${"x".repeat(100)}`)), 10), RangeError);
});

/** CPU time of an event with one line of this length that arrives in chunks of 4 KiB, as a client reads it. */
function cpuOf(bytes: number): number {
  let events = 0;
  const decoder = createEventStreamDecoder({ event: () => (events += 1) });
  const chunk = new TextEncoder().encode("x".repeat(4_096));
  const { user, system } = process.cpuUsage();
  decoder.push(new TextEncoder().encode("data: "));
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    const before = decoder.pending;
    decoder.push(chunk);
    assert.is(decoder.pending - before, chunk.length);
  }
  decoder.push(new TextEncoder().encode("\n\n"));
  assert.is(events, 1);
  const used = process.cpuUsage({ user, system });
  return used.user + used.system;
}

test("a line of eight times the length costs about eight times the CPU, whatever the size of the chunks", () => {
  cpuOf(1_024 * 1_024); // the first one is compiled
  const [short, long] = [cpuOf(1_024 * 1_024), cpuOf(8 * 1_024 * 1_024)];
  assert.ok(long < 32 * Math.max(short, 5_000), `${short} and ${long} µs`);
});

test.run();

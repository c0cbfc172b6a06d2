import { Buffer } from "node:buffer";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readEvents } from "../../test/events.ts";
import { RECORDINGS } from "../../test/recordings.ts";
import { BlockSplitter } from "./split-blocks.ts";
import { decodeBlock, encodeBlock, withId } from "./stored-block.ts";

function split(chunks: readonly Uint8Array[]): { blocks: Buffer[]; rest: Buffer | undefined } {
  const splitter = new BlockSplitter();
  const blocks = chunks.flatMap((chunk) => splitter.push(chunk));
  const rest = splitter.finish();
  if (rest?.isBlock) blocks.push(rest.bytes);
  return { blocks, rest: rest?.isBlock ? undefined : rest?.bytes };
}

/** Texts of the characters that matter. */
const text = fc
  .array(
    fc.constantFrom(
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "\r\r",
      "\r\n\r\n",
      ":",
      "id",
      "id: 1",
      "data: x",
      "data",
      "é",
      "\ufeff",
    ),
  )
  .map((parts) => parts.join(""));

const bytes = fc.oneof(
  text.map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value)),
);

/** What precedes a block in every stream of ours: a byte order mark counts only at the beginning. */
const BEFORE = Buffer.from(":\n\n");

const eventsIn = (...blocks: readonly Uint8Array[]) => readEvents(Buffer.concat([BEFORE, ...blocks]));

const BOM = Buffer.from("\ufeff");

test("the blocks joined are the stream, however it is chunked, and each block is an event at once", () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(40)), (stream, cuts) => {
      const at = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
      const chunks = at.slice(1).map((end, n) => stream.subarray(at[n], end));
      const { blocks, rest = Buffer.alloc(0) } = split(chunks);
      const whole = stream.subarray(0, 3).equals(BOM) ? stream.subarray(3) : stream;
      assert.equal(Buffer.concat([...blocks, rest]), Buffer.from(whole));
      const events = blocks.flatMap((block) => eventsIn(block).events);
      assert.equal(events, eventsIn(...blocks).events, "events of the blocks one by one");
    }),
    { numRuns: 2_000 },
  );
});

test("a stream that ends within a byte order mark keeps its bytes", () => {
  for (const stream of [[0xef], [0xef, 0xbb]]) {
    assert.equal(split([Uint8Array.from(stream)]).rest, Buffer.from(stream));
    assert.equal(split(stream.map((byte) => Uint8Array.of(byte))).rest, Buffer.from(stream), "byte by byte");
  }
});

test("a stored block has the same bytes, also if they are not valid UTF-8", () => {
  fc.assert(
    fc.property(bytes, (block) => assert.equal(decodeBlock(encodeBlock(block)), block)),
    { numRuns: 1_000 },
  );
});

test("with an id, a block has the same events, our id, and nobody else's; the blank line stays last", () => {
  fc.assert(
    fc.property(bytes, (stream) => {
      for (const block of split([stream]).blocks) {
        const marked = withId(block, "our.1.id");
        const [before, after] = [eventsIn(block), eventsIn(marked)];
        assert.equal(after, { events: before.events, id: "our.1.id" }, JSON.stringify(block.toString()));
        for (let cut = 0; cut < marked.length; cut += 1) {
          const part = eventsIn(marked.subarray(0, cut));
          const hasAll = part.events.length === before.events.length;
          assert.ok(
            part.id === "" || (hasAll && part.id === "our.1.id"),
            "no id before its event is complete",
          );
          if (before.events.length > 0)
            assert.is(part.events.length > 0, part.id !== "", "no event without its id");
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

for (const { name, text: recording } of RECORDINGS)
  test(`each event of ${name} is one block as soon as its last byte has arrived`, () => {
    const splitter = new BlockSplitter();
    const seen: Buffer[] = [];
    for (const byte of Buffer.from(recording)) {
      seen.push(...splitter.push(Buffer.of(byte)));
      const now = readEvents(Buffer.from(recording).subarray(0, Buffer.concat(seen).length)).events.length;
      assert.is(seen.flatMap((block) => readEvents(block).events).length, now);
    }
    assert.is(splitter.finish(), undefined);
    assert.is(Buffer.concat(seen).toString(), recording);
  });

test.run();

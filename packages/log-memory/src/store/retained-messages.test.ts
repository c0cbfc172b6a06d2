import { resolveRetention } from "@tidemark/log/parts";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RetainedMessages } from "./retained-messages.ts";

const NONE = resolveRetention({ maxMessages: null, maxBytes: null, maxAgeMs: null });
const ALL = Number.POSITIVE_INFINITY;

function filled(count: number): RetainedMessages {
  const retained = new RetainedMessages("c0", 0);
  for (let i = 1; i <= count; i++) retained.push({ cursor: `c${i}`, json: "1".repeat(i % 7) }, i);
  return retained;
}

test("it behaves as a queue under any sequence of pushes and trims", () => {
  const steps = fc.array(fc.tuple(fc.nat(150), fc.nat(150)), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (rounds) => {
      const retained = new RetainedMessages("c0", 0);
      let expected: string[] = [];
      let count = 0;
      for (const [push, drop] of rounds) {
        for (let i = 0; i < push; i++) {
          count += 1;
          retained.push({ cursor: `c${count}`, json: "1" }, count);
          expected.push(`c${count}`);
        }
        retained.dropOldest(drop);
        expected = expected.slice(drop);
        const cursors = retained.slice(0, ALL, ALL).map(({ cursor }) => cursor);
        assert.equal(cursors, expected);
        assert.is(retained.length, expected.length);
        assert.is(retained.end, `c${count}`);
        assert.is(retained.endSeq, count);
        assert.is(retained.start, `c${count - expected.length}`);
        assert.is(retained.startSeq, count - expected.length);
      }
    }),
  );
});

test("a page stays within both bounds, except for its first message", () => {
  const retained = filled(6); // of 1 to 6 bytes
  const sizes = (offset: number, maxMessages: number, maxBytes: number) =>
    retained.slice(offset, maxMessages, maxBytes).map(({ json }) => json.length);
  assert.equal(sizes(0, 2, ALL), [1, 2]);
  assert.equal(sizes(0, ALL, 6), [1, 2, 3]);
  assert.equal(sizes(0, ALL, 5), [1, 2]);
  assert.equal(sizes(4, ALL, 0), [5]);
  assert.equal(sizes(6, ALL, ALL), []);
});

test("the bounds on number, bytes and age each drop the oldest", () => {
  const kept = (retention: Partial<typeof NONE>, nowMs = 6) => {
    const retained = filled(6);
    retained.trim({ ...NONE, ...retention }, nowMs);
    return retained.slice(0, ALL, ALL).map(({ json }) => json.length);
  };
  assert.equal(kept({}), [1, 2, 3, 4, 5, 6]);
  assert.equal(kept({ maxMessages: 2 }), [5, 6]);
  assert.equal(kept({ maxBytes: 15 }), [4, 5, 6]);
  assert.equal(kept({ maxBytes: 14 }), [5, 6]);
  assert.equal(kept({ maxBytes: 0 }), [6], "the newest is kept although it exceeds the byte bound");
  assert.equal(kept({ maxAgeMs: 2 }), [4, 5, 6]);
  assert.equal(kept({ maxAgeMs: 2 }, 100), []);
  assert.equal(kept({ maxMessages: 4, maxBytes: 11, maxAgeMs: 5 }), [5, 6]);
});

test("bytes are counted as UTF-8, event names included", () => {
  const retained = new RetainedMessages("c0", 0);
  retained.push({ cursor: "c1", event: "ab", json: '"é"' }, 0); // 6 bytes
  retained.push({ cursor: "c2", json: '"💥"' }, 0); // 6 bytes
  assert.is(retained.slice(0, ALL, 12).length, 2);
  assert.is(retained.slice(0, ALL, 11).length, 1);
});

test("dropped messages no longer count", () => {
  const retained = filled(200);
  retained.dropOldest(150);
  const bytes = retained.slice(0, ALL, ALL).reduce((sum, { json }) => sum + json.length, 0);
  retained.trim({ ...NONE, maxBytes: bytes }, 200);
  assert.is(retained.length, 50);
  retained.trim({ ...NONE, maxBytes: bytes - 1 }, 200);
  assert.is(retained.length, 49);
});

test.run();

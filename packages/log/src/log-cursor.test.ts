import { isCursor } from "@tidemark/protocol";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatLogCursor, newEpoch, newTag, parseLogCursor } from "./log-cursor.ts";

const EPOCH = "AbCdEfGh-_12";
const TAG = "x_y-Z012";

const token = (min: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${min},32}$`));
const parts = fc.record({ epoch: token(11), seq: fc.maxSafeNat(), tag: token(7) }, { noNullPrototype: true });

test("a formatted cursor parses to the same parts and is valid in the protocol", () => {
  fc.assert(
    fc.property(parts, (cursor) => {
      const text = formatLogCursor(cursor);
      assert.ok(isCursor(text) && text.length <= 128, text);
      assert.equal(parseLogCursor(text), cursor);
    }),
  );
});

test("each cursor has exactly one spelling", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w.-]{0,12}\.[0-9.-]{0,4}\.[\w.-]{0,9}$/), (text) => {
      const cursor = parseLogCursor(text);
      if (cursor !== undefined) assert.is(formatLogCursor(cursor), text);
    }),
    { numRuns: 2_000 },
  );
});

for (const text of [
  ...[
    "",
    "start",
    "end",
    ".",
    "..",
    "1",
    EPOCH,
    `${EPOCH}.1`,
    `.1.${TAG}`,
    `${EPOCH}..${TAG}`,
    `${EPOCH}.1.`,
  ],
  ...[
    `${EPOCH}.01.${TAG}`,
    `${EPOCH}.-1.${TAG}`,
    `${EPOCH}.+1.${TAG}`,
    `${EPOCH}.1e3.${TAG}`,
    `${EPOCH}. 1.${TAG}`,
  ],
  ...[
    `${EPOCH}.1.${TAG}\n`,
    ` ${EPOCH}.1.${TAG}`,
    `${EPOCH}.1.${TAG}.x`,
    `${EPOCH}.١.${TAG}`,
    `${EPOCH}.1.${TAG}~`,
  ],
  ...[`${EPOCH}.9007199254740992.${TAG}`, `${EPOCH}.${"9".repeat(17)}.${TAG}`],
  ...[`${"A".repeat(10)}.1.${TAG}`, `${"A".repeat(33)}.1.${TAG}`, `${EPOCH}.1.${"A".repeat(6)}`],
]) {
  test(`not one of our cursors: ${JSON.stringify(text)}`, () => assert.is(parseLogCursor(text), undefined));
}

test("the largest sequence number parses", () => {
  assert.is(parseLogCursor(`${EPOCH}.9007199254740991.${TAG}`)?.seq, Number.MAX_SAFE_INTEGER);
});

test("each epoch has 72 new random bits and each tag 48", () => {
  const epochs = Array.from({ length: 1_200 }, newEpoch);
  const tags = Array.from({ length: 1_200 }, newTag); // more than one pool
  assert.is(new Set([...epochs, ...tags]).size, 2_400);
  for (const epoch of epochs) assert.is(Buffer.from(epoch, "base64url").length, 9);
  for (const tag of tags) assert.is(Buffer.from(tag, "base64url").length, 6);
});

test.run();

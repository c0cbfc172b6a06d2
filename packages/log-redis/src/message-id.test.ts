import { formatLogCursor, newEpoch, newTag, parseLogCursor } from "@tidemark/log";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cursorAfter, cursorsThrough, messageId, seqOfId } from "./message-id.ts";

test("an id converts back to its cursor, for any tag", () => {
  const tags = fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((bytes) => Buffer.from(bytes).toString("base64url"));
  fc.assert(
    fc.property(tags, fc.maxSafeNat(), (tag, seq) => {
      const epoch = newEpoch();
      const cursor = formatLogCursor({ epoch, seq, tag });
      const parts = parseLogCursor(cursor);
      const id = parts && messageId(parts);
      assert.ok(id);
      assert.match(id, /^\d+-\d+$/);
      assert.is(seqOfId(id), seq);
      assert.is(cursorAfter(epoch, id), cursor);
    }),
  );
});

test("a tag in another format has no id", () => {
  for (const tag of ["AAAAAAA", "AAAAAAAAA"])
    assert.is(messageId({ epoch: newEpoch(), seq: 1, tag }), undefined);
});

test("the cursors of one append share its tag", () => {
  const [epoch, tag] = [newEpoch(), newTag()];
  const id = messageId({ epoch, seq: 12, tag }) ?? "";
  assert.equal(
    cursorsThrough(epoch, id, 3),
    [10, 11, 12].map((seq) => formatLogCursor({ epoch, seq, tag })),
  );
  assert.equal(cursorsThrough(epoch, id, 0), []);
});

test.run();

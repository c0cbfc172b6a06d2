import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { isCursor, isPosition } from "./cursor.ts";

for (const { id, text, cursor, position } of vectors<{ text: string; cursor: boolean; position: boolean }>(
  "cursors",
)) {
  test(id, () => {
    assert.is(isCursor(text), cursor);
    assert.is(isPosition(text), position);
  });
}

test.run();

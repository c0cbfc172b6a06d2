import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { ProtocolError } from "../problem.ts";
import { formatIdempotencyKey, parseIdempotencyKey } from "./idempotency-key.ts";

for (const { id, header, key } of vectors<{ header: string; key: string | null }>("idempotency-keys")) {
  test(id, () => {
    if (key === null) {
      assert.throws(
        () => parseIdempotencyKey(header),
        (error: unknown) =>
          error instanceof ProtocolError &&
          error.code === "invalid-header" &&
          error.members.header === "Idempotency-Key",
      );
      return;
    }
    assert.is(parseIdempotencyKey(header), key);
    assert.is(parseIdempotencyKey(formatIdempotencyKey(key)), key);
  });
}

test("a key that no header can carry throws", () => {
  for (const key of ["", "k".repeat(256), "é", "a\r\nb", "a\u0000"])
    assert.throws(() => formatIdempotencyKey(key), TypeError);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { ByteCache, type Encoded } from "./byte-cache.ts";

function made(length: number): () => Encoded {
  return () => ({ body: new Uint8Array(length), length });
}

test("a cached body is not made again", () => {
  const cache = new ByteCache(10_000);
  const first = cache.get("a", made(10));
  assert.is(
    cache.get("a", () => assert.unreachable("made again") as never),
    first,
  );
});

test("the least recently used body is dropped, and the limit holds", () => {
  const cache = new ByteCache(4_000);
  const first = cache.get("a", made(1_000));
  const second = cache.get("b", made(1_000));
  cache.get("c", made(1_000));
  assert.is(cache.get("a", made(1_000)), first);
  cache.get("d", made(1_000));
  assert.is(cache.get("a", made(1_000)), first, "it was used recently");
  assert.is.not(cache.get("b", made(1_000)), second, "it made room");
  assert.ok(cache.bytes <= 4_000);
});

test("a body larger than the limit is made each time, and displaces no other", () => {
  const cache = new ByteCache(2_000);
  const small = cache.get("a", made(10));
  cache.get("b", made(5_000));
  assert.is(cache.get("a", made(10)), small);
  assert.ok(cache.bytes <= 2_000);
});

test.run();

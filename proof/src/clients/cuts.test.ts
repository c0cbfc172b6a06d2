import { test } from "uvu";
import * as assert from "uvu/assert";
import { CutServer, SPLITS, STREAM_BYTES } from "./cuts.ts";

/** Every so many bytes: prime, so that all places in a block are met. */
const STEP = 211;

/** Places to cut, from the first one on. */
function places(first: number): number[] {
  const count = Math.ceil((STREAM_BYTES + 1 - first) / STEP);
  return Array.from({ length: count }, (_, index) => first + index * STEP);
}

test("a stream that is cut anywhere loses and repeats nothing (a sample; all-cuts.ts has every byte)", async () => {
  const server = new CutServer();
  await server.listen();
  try {
    const reads = SPLITS.flatMap((split, index) =>
      places(index).map(async (at) => ({ at, split, result: await server.read(at, split) })),
    );
    for (const { at, split, result } of await Promise.all(reads))
      assert.equal(result, { lost: 0, repeated: 0, disordered: 0 }, `cut after ${at} bytes, ${split}`);
  } finally {
    server.close();
  }
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { outputOf, readReadme } from "../../../testing/readme.ts";

const { root, blocks } = await readReadme(import.meta.url, "ts");

test("the usage example prints what the README says", async () => {
  assert.is(blocks.length, 1);
  assert.is(await outputOf(blocks[0] ?? "", root), '"hello"\n');
});

test.run();

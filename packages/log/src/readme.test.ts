import { test } from "uvu";
import * as assert from "uvu/assert";
import { outputOf, readReadme } from "../../../testing/readme.ts";

const { root, blocks } = await readReadme(import.meta.url, "ts");

test("the usage example prints what the README says", async () => {
  assert.is(blocks.length, 1);
  const [code = ""] = blocks;
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
  assert.is(expected.length, 5);
  assert.equal((await outputOf(code, root)).trim().split("\n"), expected);
});

test.run();

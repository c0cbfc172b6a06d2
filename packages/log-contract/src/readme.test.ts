import { test } from "uvu";
import * as assert from "uvu/assert";
import { outputOf, readReadme } from "../../../testing/readme.ts";

const { root, blocks } = await readReadme(import.meta.url, "ts");

test("the example of the README runs", async () => {
  assert.is(blocks.length, 1);
  const output = await outputOf(blocks[0] ?? "", root);
  assert.match(output, /not run: my log: failover: .* \(lacks lose: example\)/);
  const [, total, passed] = /Total:\s+(\d+)\s+Passed:\s+(\d+)/.exec(output) ?? [];
  assert.ok(Number(total) > 60 && total === passed, output);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { runNode } from "../scripts/run.mjs";

test("the samples pass the type check", async () => {
  const { output } = await runNode(["../node_modules/typescript/bin/tsc", "-p", ".", "--listFiles"]).done;
  const lines = output.split("\n"); // the packages' own check reports errors in the packages
  assert.ok(lines.filter((line) => line.endsWith(".mjs")).length > 5, output);
  assert.equal(
    lines.filter((line) => line.startsWith("samples/")),
    [],
  );
});

test.run();

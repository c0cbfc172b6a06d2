import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const readme = readFileSync(`${root}README.md`, "utf8");
const EXAMPLE = /```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g;
const examples = [...readme.matchAll(EXAMPLE)];

test("every example in the README is followed by its output", () => {
  assert.is(examples.length, readme.split("```js").length - 1);
  assert.ok(examples.length > 0);
});

for (const [index, [, code = "", output = ""]] of examples.entries()) {
  test(`example ${index + 1} of the README prints what it says`, async () => {
    const args = [...sources, "--input-type=module", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    assert.is(stdout, output);
  });
}

test.run();

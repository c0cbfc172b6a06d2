import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";
import { temporaryDirectory } from "../test/lmdb-harness.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(`${root}README.md`, "utf8");

test("the usage example prints what the README says", async () => {
  const [, code = ""] = /^```ts\n(.*?)^```/ms.exec(readme) ?? [];
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = ""]) => line);
  assert.is(expected.length, 2);
  const directory = await temporaryDirectory();
  const elsewhere = code.replaceAll("./data", `${directory}/data`);
  const args = [...sources, "--input-type=module", "--eval", elsewhere];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  const printed = stdout.trim().replaceAll(`${directory}/data`, "./data").split("\n");
  assert.is(printed.length, 2);
  for (const [i, line] of printed.entries()) {
    const [start = ""] = (expected[i] ?? "").split("…"); // the rest differs each time
    assert.ok(line.startsWith(start), `${line} for ${expected[i]}`);
  }
  await rm(directory, { recursive: true });
});

test.run();

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(`${root}README.md`, "utf8");
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);

async function outputOf(code: string): Promise<string> {
  const args = [...sources, "--input-type=module", "--eval", code];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  return stdout;
}

test("the usage example prints what the README says", async () => {
  assert.is(blocks.length, 1);
  assert.is(await outputOf(blocks[0] ?? ""), '"hello"\n');
});

test.run();

// Runs the code of a README as a reader would, and compares the output with the comments in the code.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../tools/launch.mjs";
import { freePort } from "./processes/free-port.ts";

/** Register a test for each code block in the README of the calling test's package. The code listens on port 3000. */
export async function testReadme(testUrl: string): Promise<void> {
  const { root, readme, blocks } = await readReadme(testUrl, "js");
  test("the README has code and is short", () => {
    assert.ok(blocks.length > 0);
    assert.ok(readme.split("\n").length <= 61);
  });
  for (const [index, code] of blocks.entries())
    test(`block ${index + 1} of the README prints what it says`, async () => {
      const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
      assert.ok(expected.length > 0, "it says something");
      assert.equal((await outputOf(code, root)).trim().split("\n"), expected);
    });
}

/** The README of the calling test's package, with its code blocks in a language. `root` is the package's folder. */
export async function readReadme(
  testUrl: string,
  language: "js" | "ts",
): Promise<{ readonly root: string; readonly readme: string; readonly blocks: readonly string[] }> {
  const root = fileURLToPath(new URL("..", testUrl));
  const readme = await readFile(`${root}README.md`, "utf8");
  const fences = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms");
  return { root, readme, blocks: [...readme.matchAll(fences)].map(([, code = ""]) => code) };
}

/** What code prints that runs in a folder. It listens on a free port instead of 3000. */
export async function outputOf(code: string, cwd: string): Promise<string> {
  const here = code.replaceAll("3000", String(await freePort()));
  const args = [...sources, "--input-type=module", "--eval", here];
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
  return stdout;
}

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { sources } from "../../../tools/launch.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(`${root}README.md`, "utf8");
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block = ""]) => block);
const printing = blocks.filter((code) => code.includes("// → "));

const server = await RedisServer.start();
test.after(() => server.stop());

test("the README has code that prints", () => assert.ok(printing.length > 0));

for (const [i, code] of printing.entries())
  test(`block ${i + 1} of the README prints what it says`, async () => {
    const args = [...sources, "--input-type=module", "--eval", code];
    const env = { ...process.env, NO_COLOR: "1", REDIS_URL: server.url };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
    assert.equal(stdout.trim().split("\n"), expected);
  });

test.run();

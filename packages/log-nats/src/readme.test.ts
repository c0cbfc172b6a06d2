import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";
import { NatsServer } from "../test/nats-server.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(`${root}README.md`, "utf8");
const [code = ""] = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block = ""]) => block);

test("the README's code prints what it says", async () => {
  const server = await NatsServer.start("");
  const args = [...sources, "--input-type=module", "--eval", code];
  const env = { ...process.env, NO_COLOR: "1", NATS_URL: server.url };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
    assert.equal(stdout.trim().split("\n"), expected);
  } finally {
    await server.stop();
  }
});

test.run();

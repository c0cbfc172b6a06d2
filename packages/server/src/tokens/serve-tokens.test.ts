import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving, tidemark } from "../../test/tidemark-command.ts";

async function keyFor(...args: readonly string[]): Promise<{ readonly key: string; readonly entry: string }> {
  const { ended, output } = tidemark("key", ...args);
  assert.is(await ended, 0);
  const [key = "", ...entry] = output.stdout.trimEnd().split("\n");
  return { key, entry: entry.join("\n") };
}

test("serve accepts the keys that tidemark key makes, and says what a token is needed for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-keys-"));
  const { key, entry } = await keyFor("billing", "--read", "a*", "b", "--publish", "a");
  const file = join(folder, "keys.yaml");
  writeFileSync(file, `${entry}\n`);
  const args = ["--api-keys", file, "--anonymous-read", "public-*", "--host", "0.0.0.0"];
  try {
    await serving(args, async (base, { output }) => {
      const status = async (channel: string, headers: HeadersInit, method = "GET") => {
        const init = method === "GET" ? {} : { body: '{"messages":[{"data":1}]}' };
        const type = { "Content-Type": "application/json" };
        const response = await fetch(`${base}${channel}`, {
          method,
          headers: { ...type, ...headers },
          ...init,
        });
        await response.text();
        return response.status;
      };
      const own = { Authorization: `Bearer ${key}` };
      assert.equal(
        [
          await status("a", own, "POST"),
          await status("b", own),
          await status("b", own, "POST"),
          await status("c", own),
        ],
        [200, 200, 403, 403],
      );
      assert.equal([await status("a", {}), await status("public-1", {})], [401, 200]);
      const known = await fetch(`${base}public-1`);
      assert.match(known.headers.get("cache-control") ?? "", /^(public|no-store)/);
      assert.match(output.stdout, /^reading: .* with a token; without a token: public-\*$/m);
      assert.match(output.stdout, /^publishing: .* with a token$/m);
      assert.is(output.stderr, "", "no warning that anyone can publish");
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const [args, told] of [
  [["--anonymous-read", "a"], /--anonymous-read needs --jwks/],
  [["--api-keys", "/nowhere/keys.yaml"], /\/nowhere\/keys\.yaml: ENOENT/],
  [["--jwt-secret", "short"], /--jwt-secret: the secret is too short/],
] as const)
  test(`serve ${args.join(" ")} is rejected`, async () => {
    const { ended, output } = tidemark("serve", "--port", "0", "--log", "memory", ...args);
    assert.is(await ended, 1);
    assert.match(output.stderr, told);
  });

test("tidemark key rejects an empty pattern and a date that is none", async () => {
  for (const args of [
    ["x", "--read", ""],
    ["x", "--expires", "soon"],
  ]) {
    const { ended, output } = tidemark("key", ...args);
    assert.is(await ended, 1);
    assert.is(output.stdout, "");
  }
});

test.run();

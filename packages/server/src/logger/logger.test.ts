import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { tidemark } from "../../test/tidemark-command.ts";
import { digestOf } from "../tokens/api-keys.ts";

const SECRET = "tmk_this_must_not_be_printed";

/** Serve with an API key, send requests that contain secrets, and return what was printed. */
async function printed(
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-logger-"));
  const keys = join(folder, "keys.yaml");
  writeFileSync(keys, `- {name: ann, sha256: ${digestOf(SECRET)}, read: "*", publish: "*"}\n`);
  const settings = [
    "--port",
    "0",
    "--log",
    "memory",
    "--api-keys",
    keys,
    "--token-cookie",
    "token",
    "--drain",
    "0",
  ];
  const { child, output, ended } = tidemark("serve", ...settings, "--access-logger", ...args);
  try {
    await Promise.race([once(child.stdout ?? child, "data"), ended]);
    const [, base = ""] = /(http:\S+)\{channel\}/.exec(output.stdout) ?? [];
    assert.ok(base, output.stderr);
    const own = { Authorization: `Bearer ${SECRET}` };
    const traced = { ...own, traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01` };
    await fetch(`${base}a?limit=5&access_token=${SECRET}`, { headers: traced });
    await fetch(`${base}a?limit=5`, { headers: traced });
    await fetch(`${base}b%0Aforged`, { headers: { Cookie: `token=${SECRET}` } });
    await fetch(`${base}a`, { headers: { Authorization: `Bearer ${SECRET}x` } });
    const stream = new AbortController();
    const response = await fetch(`${base}a?stream=1`, { headers: own, signal: stream.signal });
    assert.is(response.status, 200);
    stream.abort();
    await fetch(new URL("/readyz", base));
    const lines = (): number =>
      output.stdout.split("\n").filter((line) => line.includes("/channels/")).length;
    await until(() => lines() >= 6, "a line for each request, and the address");
    child.kill("SIGTERM");
    assert.is(await ended, 0);
    return output;
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

test("JSON diagnostics are one object per line, and no secret is among them", async () => {
  const { stdout, stderr } = await printed(["--logger", "json"]);
  assert.not.match(stdout + stderr, new RegExp(SECRET));
  assert.is(stderr, "");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.match(String(lines[0]?.msg), /^listening on /);
  assert.match(String(lines.at(-1)?.msg), /^SIGTERM: draining/);
  const entries = lines.flatMap(({ access }) =>
    access === undefined ? [] : [access as Record<string, unknown>],
  );
  assert.is(entries.length, 5, "health checks are not recorded");
  const [, second, third] = entries;
  assert.equal(
    [second?.method, second?.path, second?.query, second?.status, second?.principal, second?.http],
    ["GET", "/channels/a", { limit: "5" }, 200, "key ann", "1.1"],
  );
  assert.is(second?.trace, "ab".repeat(16));
  assert.equal([third?.path, third?.principal], ["/channels/b%0Aforged", undefined]);
  const statuses = entries.map(({ status }) => status).sort();
  assert.equal(statuses, [200, 200, 200, 401, 404]);
});

test("lines of text have the same, and a level that is too low is not printed", async () => {
  const { stdout, stderr } = await printed(["--logger-level", "error"]);
  assert.not.match(stdout + stderr, new RegExp(SECRET));
  assert.is(stderr, "", "the drain is information");
  assert.match(stdout, /^127\.0\.0\.1 key ann GET \/channels\/a\?limit=5 HTTP\/1\.1 200 \d+ ms$/m);
  assert.match(stdout, /^127\.0\.0\.1 - GET \/channels\/a HTTP\/1\.1 401 \d+ ms$/m);
});

test.run();

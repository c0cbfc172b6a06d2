// Runs the examples of the authorization page as shown, except for the port and a short heartbeat.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SignJWT } from "jose";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";

const KEY = "a-key-for-the-samples-of-32-bytes";

/** @param {string} name @param {(origin: string) => Promise<void>} run */
async function serving(name, run) {
  await mkdir(join(DOCS, "generated"), { recursive: true });
  const folder = await mkdtemp(join(DOCS, "generated/samples-")); // inside the repository, where the packages are found
  const shown = await readFile(join(DOCS, "samples", name), "utf8");
  const edited = shown
    .replace(
      'listen(3000, () => console.log("ready"))',
      "listen(0, function () { console.log('port', this.address().port); })",
    )
    .replace("new MemoryLog(), {", "new MemoryLog(), { sse: { heartbeatS: 1 },");
  const file = join(folder, name);
  await writeFile(file, edited);
  const server = runNode([...sources, file], { cwd: folder, env: { JWT_KEY: KEY, COOKIE_KEY: KEY } });
  try {
    const [, port] = await server.seen(/port (\d+)/);
    await run(`http://127.0.0.1:${port}`);
  } finally {
    server.stop("SIGKILL");
    await server.done;
    await rm(folder, { recursive: true });
  }
}

/** Open a stream, and return its text when it has ended. */
async function follow(url, headers) {
  const response = await fetch(`${url}?stream=1`, { headers });
  assert.is(response.status, 200, await (response.ok ? "" : response.text()));
  return response.text();
}

const statusOf = async (url, headers = {}) => (await fetch(url, { headers })).status;

test("a session cookie opens only its user's channel, and signing out ends only that session's streams", async () => {
  await serving("session-cookie.mjs", async (origin) => {
    const signIn = async (user) => {
      const { headers } = await fetch(`${origin}/sign-in?user=${user}`, { method: "POST" });
      return {
        Cookie: headers
          .getSetCookie()
          .map((one) => one.split(";")[0])
          .join("; "),
      };
    };
    const [laptop, phone] = [await signIn("ann"), await signIn("ann")];
    const url = `${origin}/channels/ann`;
    assert.is(await statusOf(url), 401);
    assert.is(await statusOf(url, { Cookie: "session=guessed" }), 401);
    assert.is(await statusOf(url, await signIn("bob")), 403);
    assert.is(await statusOf(url, laptop), 200);
    const other = new AbortController();
    const kept = await fetch(`${url}?stream=1`, { headers: phone, signal: other.signal });
    const stream = follow(url, laptop);
    await fetch(`${origin}/sign-out`, { method: "POST", headers: laptop });
    assert.match(await stream, /^retry: .*event: \$open/s);
    assert.is(await statusOf(url, laptop), 401);
    let text = "";
    for await (const bytes of kept.body) {
      text += Buffer.from(bytes);
      if (text.includes("$heartbeat")) break; // the other session stays open
    }
    other.abort();
  });
});

test("a token opens its subject's channel until it expires, and its streams then end", async () => {
  await serving("token.mjs", async (origin) => {
    const bearer = async (changes = {}) => {
      const { sub = "ann", aud = "channels", seconds = 60, key = KEY } = changes;
      const expires = Math.floor(Date.now() / 1_000) + seconds;
      const token = new SignJWT().setProtectedHeader({ alg: "HS256" });
      const signed = token.setSubject(sub).setAudience(aud).setExpirationTime(expires);
      return { Authorization: `Bearer ${await signed.sign(new TextEncoder().encode(key))}` };
    };
    const url = `${origin}/channels/ann`;
    assert.is(await statusOf(url), 401);
    for (const changes of [{ seconds: -1 }, { aud: "other" }, { key: `${KEY}!` }])
      assert.is(await statusOf(url, await bearer(changes)), 401, JSON.stringify(changes));
    assert.is(await statusOf(url, await bearer({ sub: "bob" })), 403);
    assert.is(await statusOf(url, await bearer()), 200);
    assert.match(await follow(url, await bearer({ seconds: 3 })), /event: \$open/);
    assert.is(await statusOf(`${origin}/elsewhere`), 404);
  });
});

test.run();

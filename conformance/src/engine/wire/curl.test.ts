import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, scriptedServer } from "../../testing/scripted-server.ts";
import type { SeenRequest } from "../../testing/seen-request.ts";
import { curlLine } from "./curl.ts";
import { buildRequest, type RequestInit } from "./request.ts";
import { parseExtraHeader } from "./secrets.ts";

const run = promisify(execFile);

/** The request that arrives when sh runs the printed line. */
async function typed(
  init: Omit<RequestInit, "url"> & { path: string },
  env: Record<string, string> = {},
): Promise<SeenRequest> {
  const server = await scriptedServer((_, socket) =>
    socket.end(answer("200 OK", ["Connection: close"], init.method === "HEAD" ? "" : "ok")),
  );
  const { path, ...rest } = init;
  const extra = Object.keys(env).length > 0 ? [parseExtraHeader("Authorization: Bearer env:TOKEN", env)] : [];
  const headers = [...(rest.headers ?? []), ...extra.map(({ name, value }) => [name, value] as const)];
  const line = curlLine(buildRequest({ ...rest, headers, url: `${server.origin}${path}` }), { extra });
  for (const secret of Object.values(env)) assert.not(line.includes(secret), line);
  await run("sh", ["-c", line], { env: { PATH: process.env.PATH, ...env } });
  await server.close();
  const [seen] = server.requests;
  assert.ok(seen, line);
  return seen;
}

test("a read with headers", async () => {
  const seen = await typed({
    path: "/ch/a'b[1]?after=A%0A&x=$HOME",
    headers: [
      ["Accept", "text/event-stream"],
      ["Last-Event-ID", ""],
    ],
  });
  assert.is(`${seen.method} ${seen.target}`, "GET /ch/a'b[1]?after=A%0A&x=$HOME");
  assert.is(seen.headers.get("accept"), "text/event-stream");
  assert.is(seen.headers.get("last-event-id"), "");
});

test("the line for a held request prints when it was answered", async () => {
  const heldMs = 150;
  const server = await scriptedServer((_, socket) =>
    setTimeout(() => socket.end(answer("200 OK", ["Connection: close"], "page")), heldMs),
  );
  const line = curlLine(buildRequest({ url: `${server.origin}/ch?after=A1&wait=2` }));
  const { stdout } = await run("sh", ["-c", line]);
  await server.close();
  const [, seconds] = /\r\n\r\npage\n\((\d+\.\d+) s\)$/.exec(stdout) ?? [];
  assert.ok(Number(seconds) * 1000 >= heldMs, stdout);
  const poll = curlLine(buildRequest({ url: `${server.origin}/ch?after=wait` }));
  assert.not.match(poll, "time_total");
});

test("curl adds no header that we did not send", async () => {
  const seen = await typed({ path: "/", method: "POST", body: "{}" });
  assert.not(seen.headers.has("accept"));
  assert.not(seen.headers.has("content-type"));
});

test("bodies: text, an @ in front, line breaks, bytes, and a long run", async () => {
  for (const body of ['{"a":"it\'s\\n"}', "@/etc/passwd", "a\r\nb\n", `{"x":"${"x".repeat(9000)}"}`])
    assert.is((await typed({ path: "/", method: "POST", body })).body, body);
  const bytes = Uint8Array.of(0x7b, 0xff, 0, 0x25, 0x5c, 0x27);
  const seen = await typed({ path: "/", method: "POST", body: bytes });
  assert.ok(seen.raw.endsWith(Buffer.from(bytes).toString("latin1")));
});

test("HEAD, DELETE and OPTIONS keep their method", async () => {
  for (const method of ["HEAD", "DELETE", "OPTIONS", "PROPFIND"])
    assert.is((await typed({ path: "/", method })).method, method);
});

test("a secret is written as its variable, and arrives as its value", async () => {
  const seen = await typed({ path: "/" }, { TOKEN: "s3cret $x'" });
  assert.is(seen.headers.get("authorization"), "Bearer s3cret $x'");
});

test.run();

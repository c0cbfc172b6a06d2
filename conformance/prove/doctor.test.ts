import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";
import { examine, examineScript, trouble } from "../src/testing/doctor.ts";
import { changingProxy, flawedProxy } from "../src/testing/flawed-proxy.ts";
import { nginx } from "../src/testing/nginx.ts";
import { type PythonServer, pythonServer } from "../src/testing/python-server.ts";
import { answer, type Script } from "../src/testing/scripted-server.ts";

const doctor = suite("doctor");
const cwd = mkdtempSync(join(tmpdir(), "doctor-"));
let server: PythonServer;

doctor.before(async () => {
  server = await pythonServer();
});
doctor.after(async () => {
  await server.close();
  rmSync(cwd, { recursive: true });
});

doctor("a redirect, a proxy without its server, not HTTP, silence, TLS on a plain port", async () => {
  const cases: readonly (readonly [Script, RegExp])[] = [
    [
      (_, socket) => socket.end(answer("302 Found", ["Location: https://h/login"])),
      /^it redirects to https:\/\/h\/login$/,
    ],
    [
      (_, socket) => socket.end(answer("502 Bad Gateway", ["Server: nginx/1.2"])),
      /^a proxy answers \(nginx\/1\.2\), but the server behind it does not$/,
    ],
    [(_, socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"), /^the answer is not HTTP\/1\.1$/],
    [() => undefined, /^it accepts the connection but sends nothing$/],
  ];
  for (const [script, cause] of cases) {
    const result = await examineScript(cwd, script);
    assert.match(trouble(result).cause, cause);
    assert.is(result.code, 3);
  }
  const secure = await examine(cwd, server.url.replace("http:", "https:"));
  assert.match(trouble(secure).cause, /^the port speaks plain HTTP, not TLS$/);
});

doctor("a proxy that buffers streams", async () => {
  const buffering = await nginx(
    ensureProgram("nginx"),
    server.origin,
    "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;",
  );
  const result = await examine(cwd, `${buffering.origin}/channels/{channel}`);
  await buffering.close();
  const { what, cause, advice } = trouble(result);
  assert.match(what, /^the first block of a stream did not arrive within 4 s$/);
  assert.match(cause, /^something in between buffers answers until they are complete/);
  assert.match(advice, /proxy_buffering off/);
  assert.match(result.stdout, /ok +a long poll is answered with the published message/);
  assert.is(result.code, 1);
});

doctor("a proxy that does not buffer is not a problem", async () => {
  const plain = await nginx(
    ensureProgram("nginx"),
    server.origin,
    "proxy_buffering off; proxy_http_version 1.1;",
  );
  const result = await examine(cwd, `${plain.origin}/channels/{channel}`);
  await plain.close();
  assert.is(result.code, 0, result.stdout);
});

const CLAIMS = "Tidemark: v=1, mechanisms=(poll)";

doctor("a server that needs a token, and one that rejects it", async () => {
  const problem = ["Content-Type: application/problem+json", 'WWW-Authenticate: Bearer realm="x"', CLAIMS];
  const script: Script = (_, socket) => socket.end(answer("401 Unauthorized", problem, "{}"));
  const without = await examineScript(cwd, script);
  assert.match(
    trouble(without).cause,
    /^it needs a token \(it asks for Bearer realm="x"\), and none was given$/,
  );
  assert.match(trouble(without).advice, /--header 'Authorization: env:VARIABLE'/);
  assert.is(without.code, 3);
  process.env.DOCTOR_TOKEN = "canary-doctor";
  const refused = await examineScript(cwd, script, "--header", "Authorization: env:DOCTOR_TOKEN");
  delete process.env.DOCTOR_TOKEN;
  assert.match(trouble(refused).cause, /^it rejects the credentials \(Authorization from DOCTOR_TOKEN\)/);
  assert.not.match(refused.stdout, /canary/);
  assert.is(refused.code, 3);
});

doctor("a publish driver that writes to another channel", async () => {
  const http = { url: `${server.origin}/channels/fixed`, json: { messages: "{messages}" } };
  const result = await examine(cwd, { target: { url: server.url }, driver: { publish: { http } } });
  const { what, cause, advice } = trouble(result);
  assert.match(
    what,
    /^the driver http confirmed a publish, but the message is not in the channel conformance-doctor-/,
  );
  assert.match(cause, /^it was written to another channel, or nowhere$/);
  assert.match(advice, /\{channel\} in its URL or body/);
  assert.is(result.code, 1);
});

doctor("a publish driver that is refused, and one that publishes another message", async () => {
  const refused = { url: `${server.origin}/channels/{channel}`, json: { wrong: true, event: "{event}" } };
  const one = await examine(cwd, { target: { url: server.url }, driver: { publish: { http: refused } } });
  assert.match(
    trouble(one).cause,
    /^the driver's POST .* was answered with 400 application\/problem\+json invalid-body$/,
  );
  const other = { url: `${server.origin}/channels/{channel}`, json: { messages: [{ data: "constant" }] } };
  const two = await examine(cwd, { target: { url: server.url }, driver: { publish: { http: other } } });
  assert.match(trouble(two).cause, /^the channel has another message instead: "constant"$/);
  assert.match(trouble(two).advice, /\{payload\}/);
  assert.equal([one.code, two.code], [1, 1]);
});

doctor("a wrong channel template", async () => {
  const result = await examine(cwd, `${server.origin}/chanels/{channel}`);
  const { what, cause, advice } = trouble(result);
  assert.match(what, /chanels\/\{channel\} is not a channel: it answers 404/);
  assert.is(cause, "the channel template is wrong");
  assert.is(advice, `use ${server.url}: the server's channels are there`);
  assert.is(result.code, 1);
});

doctor("the channels below a URL are found; nothing is published to a single channel", async () => {
  const root = await examine(cwd, `${server.origin}/`);
  assert.match(root.stdout, new RegExp(`ok +channels are at ${server.url.replace(/[{}]/g, "\\$&")}`));
  assert.is(root.code, 0);
  const one = await examine(cwd, `${server.origin}/channels/mine`);
  assert.match(one.stdout, /note +.*\/channels\/mine is one channel: the suite only reads it/);
  assert.match(one.stdout, /note +the URL names a single channel, so nothing is published to it/);
  assert.is(one.code, 0);
  const page = await (await fetch(`${server.origin}/channels/mine`)).json();
  assert.equal(page.messages, []);
});

doctor("a proxy that removes the Tidemark field, and a channel that is left unchanged", async () => {
  const proxy = await flawedProxy(server.origin, "Tidemark: ", "Tidemirk: ");
  const result = await examine(cwd, `${proxy.origin}/channels/{channel}`);
  await proxy.close();
  assert.match(
    trouble(result).cause,
    /the server does not send the field, or something in between removes it/,
  );
  assert.is(result.code, 1);
});

doctor("a plain event stream, and a server whose streams start only with their first message", async () => {
  const plain = await examineScript(cwd, (_, socket) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"),
  );
  assert.match(trouble(plain).cause, /^it is a plain event stream/);
  assert.match(trouble(plain).advice, /conformance sse .*from-sse\.md/);
  assert.is(plain.code, 3);
  const late = await changingProxy(server.origin, () => heldUntil("doctor stream"));
  const result = await examine(cwd, `${late.origin}/channels/{channel}`);
  await late.close();
  const { what, cause, advice } = trouble(result);
  assert.match(what, /^the first block of a stream did not arrive within 4 s, but a message .* did$/);
  assert.match(cause, /^no proxy buffers: the server sends or flushes nothing/);
  assert.match(advice, /\$open \(spec\/sse\.md#sse-stream-2/);
  assert.is(result.code, 1);
});

/** Holds a stream back until it contains a text, like a server that flushes only with its first message. */
function heldUntil(text: string): (bytes: Buffer) => Buffer {
  let held = "";
  let isOpen = false;
  return (bytes) => {
    held += bytes.toString("latin1");
    isOpen ||= held.includes(text) || !held.includes("text/event-stream");
    const now = Buffer.from(isOpen ? held : "", "latin1");
    if (isOpen) held = "";
    return now;
  };
}

doctor("a target that does not start", async () => {
  const start = { command: "echo no config >&2; exit 7", ready: "http://127.0.0.1:9/" };
  const result = await examine(cwd, { target: { url: server.url, start } });
  assert.match(
    trouble(result).cause,
    /^the command .* ended with 7 before the target was ready; its last output:$/,
  );
  assert.is(result.code, 3);
});

doctor.run();

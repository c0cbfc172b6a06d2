import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { examine, examineScript, trouble } from "../testing/doctor.ts";
import { type PythonServer, pythonServer } from "../testing/python-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { answer } from "../testing/scripted-server.ts";

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

doctor("a healthy server: no problem is found", async () => {
  const result = await examine(cwd, server.url);
  assert.match(result.stdout, /speaks Tidemark 1 at .*: poll \+ long-poll \+ sse, publish/);
  assert.match(result.stdout, /a message published by the driver protocol can be read back/);
  assert.match(result.stdout, /a long poll is answered with the published message/);
  assert.match(result.stdout, /a stream's blocks arrive as they are sent/);
  assert.match(result.stdout, /\nno problem found\n$/);
  assert.is(result.code, 0);
});

doctor("nothing listening", async () => {
  const result = await examine(cwd, "http://127.0.0.1:9/channels/{channel}");
  const { what, cause, advice } = trouble(result);
  assert.match(what, /^no answer from 127\.0\.0\.1:9 \(ECONNREFUSED\)$/);
  assert.match(cause, /^nothing listens on 127\.0\.0\.1:9$/);
  assert.match(advice, /^start the server/);
  assert.is(result.code, 3);
});

doctor("an HTML page", async () => {
  const html = answer("200 OK", ["Content-Type: text/html"], "<html><title>Welcome home</title></html>");
  const result = await examineScript(cwd, (_, socket) => socket.end(html));
  assert.match(trouble(result).cause, /^it is an HTML page \(“Welcome home”\), from a website/);
  assert.is(result.code, 3);
});

doctor("another protocol's greeting", async () => {
  const result = await examineScript(cwd, (_, socket) => socket.write("220 mail.example ready\r\n"));
  assert.match(trouble(result).cause, /^the answer is not HTTP\/1\.1$/);
  assert.is(result.code, 3);
});

doctor("a usage error", async () => {
  const { code, stderr } = await runCli(["doctor"], { cwd });
  assert.match(stderr, /no server given/);
  assert.is(code, 2);
});

doctor.run();

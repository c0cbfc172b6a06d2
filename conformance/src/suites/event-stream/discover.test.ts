// What is no event stream gets one line that says what answered, and no verdict.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunReport } from "../../engine/model/event.ts";
import { answer, type Script, type ScriptedServer, scriptedServer } from "../../testing/scripted-server.ts";
import { runEventStream } from "./suite.ts";

let server: ScriptedServer | undefined;

async function reportOn(script: Script): Promise<RunReport> {
  server = await scriptedServer(script);
  try {
    for await (const event of runEventStream({ url: `${server.origin}/stream`, seed: 1, observeMs: 500 }))
      if (event.type === "run-finished") return event.report;
  } finally {
    await server.close();
  }
  throw new Error("the run ended without a report");
}

const HTML = ["Content-Type: text/html"];
const NULLS: readonly (readonly [string, string, RegExp])[] = [
  ["a web page", answer("200 OK", HTML, "<h1>Hi</h1>"), /a web page, no event stream/],
  ["a login page", answer("200 OK", HTML, '<input type="password">'), /a login page/],
  ["JSON", answer("200 OK", ["Content-Type: application/json"], "{}"), /JSON, no event stream/],
  ["a file", answer("200 OK", ["Content-Type: application/zip"], "PK"), /a file, no event stream/],
  ["204", "HTTP/1.1 204 No Content\r\n\r\n", /answers 204/],
  ["401", answer("401 Unauthorized", [], ""), /answers 401: pass credentials/],
  ["404", answer("404 Not Found", [], ""), /answers 404/],
  ["405", answer("405 Method Not Allowed", [], ""), /pass --method POST/],
  ["another protocol", "SSH-2.0-x\r\n", /does not answer in HTTP/],
];

for (const [name, bytes, line] of NULLS)
  test(`${name} gets no verdict`, async () => {
    const { verdict } = await reportOn((_, socket) => socket.end(bytes));
    assert.is(verdict.exitCode, 3);
    assert.match(verdict.line, line);
  });

test("a server that closes without an answer gets no verdict", async () => {
  const { verdict } = await reportOn((_, socket) => socket.destroy());
  assert.match(verdict.line, /NO VERDICT: the server closed the connection/);
});

test("a stream with a wrong media type is a finding, and not no stream", async () => {
  const body = "data: 1\n\ndata: 2\n\n";
  const { tests } = await reportOn((_, socket) =>
    socket.end(answer("200 OK", ["Content-Type: text/plain"], body)),
  );
  assert.is(tests.find(({ id }) => id === "sse/opening/media-type")?.outcome, "fail");
});

test("bytes that are not UTF-8 are reported, not repaired", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
  const { tests } = await reportOn((_, socket) => {
    socket.write(head);
    socket.end(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a]));
  });
  assert.is(tests.find(({ id }) => id === "sse/framing/utf-8")?.outcome, "fail");
});

test("a server that is gone during the run gets no verdict", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
  const open: { destroy(): void }[] = [];
  const { verdict } = await reportOn((_, socket) => {
    open.push(socket);
    if (open.length === 1) return void socket.write(`${head}data: 1\n\n`);
    void server?.close();
    for (const one of open) one.destroy();
  });
  assert.match(verdict.line, /^NO VERDICT: the server is gone: it cut the stream after [\d.]+ s/);
  assert.is(verdict.exitCode, 3);
});

test.run();

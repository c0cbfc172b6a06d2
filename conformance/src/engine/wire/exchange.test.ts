import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, type Script, scriptedServer } from "../../testing/scripted-server.ts";
import { latin1 } from "./bytes.ts";
import { Exchange } from "./exchange.ts";
import { buildRequest, type RequestInit } from "./request.ts";

/** How long something immediate may take. */
const SOON_MS = 60_000;

async function exchangeWith(
  script: Script,
  init: Partial<RequestInit> = {},
): Promise<{ exchange: Exchange; raw: string }> {
  const server = await scriptedServer(script);
  const exchange = new Exchange(buildRequest({ url: `${server.origin}/a%2Fb/%zz?x=+&&after=A`, ...init }));
  await exchange.done(SOON_MS);
  await server.close();
  return { exchange, raw: server.requests[0]?.raw ?? "" };
}

test("the request is sent byte for byte, with the URL unchanged", async () => {
  const { raw } = await exchangeWith((_, socket) => socket.end(answer("200 OK", [])), {
    method: "POST",
    headers: [
      ["X-Odd", "ü"],
      ["x-odd", ""],
    ],
    body: "é",
  });
  assert.match(
    raw,
    /^POST \/a%2Fb\/%zz\?x=\+&&after=A HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nX-Odd: \xfc\r\nx-odd: \r\n/,
  );
  assert.match(raw, "Content-Length: 2\r\n\r\n");
});

test("every chunk has its time, and a redirect or an error is just an answer", async () => {
  let sendBody = (): void => {};
  const server = await scriptedServer((_, socket) => {
    socket.write("HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 4\r\n\r\n");
    sendBody = () => socket.end("body");
  });
  const exchange = new Exchange(buildRequest({ url: server.origin }));
  assert.ok(await exchange.until(() => exchange.status !== undefined, SOON_MS));
  setTimeout(sendBody, 30); // counted from the head's arrival, which a busy machine delays
  await exchange.done(SOON_MS);
  await server.close();
  assert.is(exchange.status, 302);
  assert.is(exchange.ending, "complete");
  assert.is(exchange.received.length, 2);
  assert.ok((exchange.received[1]?.atMs ?? 0) - (exchange.received[0]?.atMs ?? 0) >= 25);
});

test("an exchange reports how it ended", async () => {
  const { exchange } = await exchangeWith((_, socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nuntil the end"));
  assert.is(exchange.ending, "complete");
  const cut = await exchangeWith((_, socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"));
  assert.is(cut.exchange.ending, "cut");
  const reset = await exchangeWith((_, socket) =>
    socket.write("HTTP/1.1 200 OK\r\n", () => socket.resetAndDestroy()),
  );
  assert.ok(["reset", "cut"].includes(reset.exchange.ending ?? ""), "some kernels report a reset as an end");
  assert.is(reset.exchange.status, undefined);
});

test("a limit drops a silent connection", async () => {
  const server = await scriptedServer(() => undefined);
  const exchange = new Exchange(buildRequest({ url: server.origin }));
  await exchange.done(50);
  assert.is(exchange.ending, "limit");
  assert.is(exchange.status, undefined);
  await server.close();
});

test("without a connection there is no answer, but a reason", async () => {
  const server = await scriptedServer(() => undefined);
  await server.close();
  const exchange = await new Exchange(buildRequest({ url: server.origin })).done(SOON_MS);
  assert.is(exchange.ending, "no-connection");
  assert.is(exchange.failure, "ECONNREFUSED");
});

test("until waits for a condition, but not beyond the end of the exchange", async () => {
  const server = await scriptedServer((_, socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
    setTimeout(() => socket.end("b"), 30);
  });
  const exchange = new Exchange(buildRequest({ url: server.origin }));
  assert.ok(await exchange.until(() => exchange.text === "a", SOON_MS));
  assert.not(await exchange.until(() => exchange.text === "never", SOON_MS));
  assert.is(exchange.text, "ab");
  await server.close();
});

test("content is decoded on demand; the body stays unchanged", async () => {
  const coded = gzipSync("hello");
  const { exchange } = await exchangeWith((_, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n`);
    socket.end(coded);
  });
  assert.is(exchange.text, "hello");
  assert.is(latin1(exchange.body[0]?.bytes ?? new Uint8Array()).slice(0, 2), "\x1f\x8b");
});

test("the refusal of a large body is not lost, even if it comes early", async () => {
  const { createServer } = await import("node:http");
  const server = createServer((_, response) => {
    response.writeHead(413, { Connection: "close" }).end("too large");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  for (let round = 0; round < 5; round += 1) {
    const request = buildRequest({
      method: "POST",
      url: `http://127.0.0.1:${port}/`,
      body: "x".repeat(8 << 20),
    });
    const exchange = await new Exchange(request).done(SOON_MS);
    assert.is(exchange.status, 413, `round ${round}: ${exchange.ending} ${exchange.failure}`);
  }
  server.close();
});

test.run();

// The origin can be reached from the internet for an hour: it refuses what has no token, and stays bounded.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { refusalsOf } from "../../cli/origin-command.ts";
import { type Origin, type OriginOptions, startOrigin } from "./origin.ts";

const test = suite("the origin");
let origin: Origin | undefined;
test.after.each(async () => {
  await origin?.close();
  origin = undefined;
});

async function start(limits: OriginOptions["limits"] = {}): Promise<{ origin: Origin; url: string }> {
  origin = await startOrigin({ limits });
  return { origin, url: `http://127.0.0.1:${origin.port}` };
}

async function open(port: number, text = ""): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined); // the origin may reset it
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((done) => setTimeout(done, 20));
}

test("without a token, or with a wrong one, nothing is answered, and the two are told apart", async () => {
  const { origin, url } = await start();
  const none = await fetch(`${url}/probe/do/x?w=16x1@0`);
  const wrong = await fetch(`${url}/probe/tm-00000000000000000000000000000000/do/x?w=16x1@0`);
  assert.equal([none.status, wrong.status], [404, 403]);
  assert.equal((await none.json()).problem, "no-token");
  assert.equal((await wrong.json()).problem, "wrong-token");
  assert.is(refusalsOf(origin.counts), "refused: 1 without a token, 1 with a wrong token");
});

test("the token is found below any prefix, and with the query removed the origin says so", async () => {
  const { origin, url } = await start();
  const hello = await (await fetch(`${url}/a/b/${origin.token}/hello/n1`)).json();
  assert.is(hello.nonce, "n1");
  const bare = await fetch(`${url}/${origin.token}/do/x`);
  assert.is(bare.status, 400);
  assert.match((await bare.json()).problem, /there is no query$/);
});

/** The heap after a collection: garbage that a busy machine has not collected yet is not kept. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

test("10 000 requests without a token keep neither memory nor connections", async () => {
  const { origin, url } = await start();
  const before = heapInUse();
  for (let round = 0; round < 100; round += 1)
    await Promise.all(
      Array.from({ length: 100 }, async () => (await fetch(`${url}/${round}`)).arrayBuffer()),
    );
  assert.is(origin.counts.withoutToken, 10_000);
  assert.is(origin.counts.answered, 0);
  assert.ok(heapInUse() - before < 64 * 1024 * 1024, "more than 64 MiB are kept");
});

const HUGE = [
  "w=9999999x1@0",
  "w=1048576x9@0",
  "w=16x2001@0",
  "w=16x2000@600000",
  "before=600001",
  "fill=99999999999",
  "status=99",
  "end=never",
  "unknown=1",
  `f=${encodeURIComponent("Content-Length: 9")}`,
  `f=${encodeURIComponent("A: b\r\nC: d")}`,
  Array(17).fill("f=A:%20b").join("&"),
];

test("instructions that are invalid or beyond the limits are refused, each with its reason", async () => {
  const { origin, url } = await start();
  for (const query of HUGE) {
    const response = await fetch(`${url}/${origin.token}/do/x?${query}`);
    assert.is(response.status, 400, query);
    assert.ok((await response.json()).problem.length > 0, query);
  }
  assert.is(origin.counts.invalid, HUGE.length);
  const long = await fetch(`${url}/${origin.token}/do/x?_=${"a".repeat(20_000)}`);
  assert.is(long.status, 431);
});

test("a body beyond the limit is not read", async () => {
  const { origin, url } = await start({ bodyBytes: 1_000 });
  const options = { method: "POST", body: "a".repeat(2_000) };
  const { status } = await fetch(`${url}/${origin.token}/do/x?w=16x1@0`, options);
  assert.is(status, 400);
});

test("connections over the limit are closed, and the origin says how many", async () => {
  const { origin } = await start({ connections: 4 });
  const sockets = await Promise.all(Array.from({ length: 10 }, () => open(origin.port)));
  await until(() => origin.counts.refusedConnections >= 6);
  for (const socket of sockets) socket.destroy();
});

test("a reader that takes nothing is cut after the limit", async () => {
  const { origin, url } = await start({ stallMs: 200 });
  const request = `GET /${origin.token}/do/slow?fill=33554432 HTTP/1.1\r\nHost: a\r\n\r\n`;
  const socket = await open(origin.port, request);
  socket.pause();
  await until(() => origin.counts.cutForSlowness === 1);
  const record = await (await fetch(`${url}/${origin.token}/record/slow/n`)).json();
  assert.ok(record.requests[0].takenBytes < 33_554_432);
  socket.destroy();
});

test("the budget of bytes holds, and every later request is told that it is used up", async () => {
  const { origin, url } = await start({ bytes: 100_000 });
  const stream = await fetch(`${url}/${origin.token}/do/x?fill=1000000`);
  assert.not.ok(await stream.text().catch(() => "")); // the answer is cut
  const next = await fetch(`${url}/${origin.token}/hello/n`);
  assert.is(next.status, 503);
  assert.match(refusalsOf(origin.counts), /1 over the budget of bytes/);
});

test("records are forgotten, the oldest first", async () => {
  const { origin, url } = await start({ records: 10 });
  const of = async (probe: string): Promise<number> =>
    (await (await fetch(`${url}/${origin.token}/record/${probe}/n`)).json()).total;
  for (let n = 0; n < 20; n += 1) await (await fetch(`${url}/${origin.token}/do/p${n}?w=16x1@0`)).text();
  assert.equal([await of("p0"), await of("p19")], [0, 1]);
});

test("HTTP/1.0 gets no trailer and no interim answer, and nothing fails", async () => {
  const { origin } = await start();
  const socket = await open(
    origin.port,
    `GET /${origin.token}/do/x?trailer=1&early=1&w=16x1@0 HTTP/1.0\r\n\r\n`,
  );
  let text = "";
  for await (const bytes of socket) text += bytes;
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(text, /:0001 \d{9}\n$/);
  assert.is(origin.counts.failed, 0);
});

test("the origin ends after its lifetime", async () => {
  const { origin } = await start({ lifetimeMs: 100 });
  const kept = await open(origin.port);
  await origin.closed;
  kept.destroy();
});

test.run();

// Whatever other code does to a response, the process survives, the failure is reported once, and nothing stays held.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isIdle, until } from "../../../testing/servers/serving.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

type Do = (res: ServerResponse, req: IncomingMessage) => void;

interface Act {
  readonly what: string;
  readonly act: Do;
  /** The most failures that may be reported. A connection that only ends, as if by the client, is not a failure. */
  readonly told: number;
}

const AWAY = new Error("away");

const ACTS: readonly Act[] = [
  { what: "answers", act: (res) => void res.writeHead(503).end("time-out"), told: 1 },
  { what: "begins an answer", act: (res) => void res.writeHead(503).write("…"), told: 1 },
  { what: "sends a head", act: (res) => res.flushHeaders(), told: 1 },
  { what: "ends", act: (res) => void res.end(), told: 1 },
  { what: "ends and removes all listeners", act: (res) => void res.end().removeAllListeners(), told: 1 },
  {
    what: "ends, and writes after that",
    act: (res) => {
      res.end();
      res.write("more");
    },
    told: 2,
  },
  { what: "destroys the response", act: (res) => void res.destroy(AWAY), told: 0 },
  { what: "destroys the request", act: (_, req) => void req.destroy(AWAY), told: 0 },
  { what: "destroys the connection", act: (_, req) => void req.socket.destroy(), told: 0 },
];

interface Bench {
  readonly port: number;
  readonly log: MemoryLog;
  readonly errors: unknown[];
  /** Called when the next request reaches the server. */
  readonly next: { act: Do | undefined };
  held(): number;
}

/** Serve through Koa or through `handle`. `act` runs in the same turn as our handler. */
async function served(
  koa: boolean,
  run: (bench: Bench) => Promise<void>,
  options: TidemarkOptions = {},
): Promise<void> {
  const log = new MemoryLog();
  const errors: unknown[] = [];
  // Koa reports each broken connection, whichever middleware answers.
  const tell = (error: unknown): unknown => (error === AWAY ? 0 : errors.push(error));
  const middleware = tidemark(log, { onError: tell, ...options });
  const next: Bench["next"] = { act: undefined };
  const app = new Koa().use(middleware).on("error", tell).callback();
  const server = createServer((req, res) => {
    const { act } = next;
    next.act = undefined;
    if (koa) void app(req, res);
    else middleware.handle(req, res);
    act?.(res, req);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const held = (): number => middleware.stats().held + middleware.stats().streams;
  try {
    await run({ port, log, errors, next, held });
    const url = `http://127.0.0.1:${port}/channels/after`;
    assert.is((await fetch(url)).status, 200, "the server still answers");
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await until(() => isIdle(middleware), "nothing is held");
}

/** Send a request, and collect what is received until the connection ends. */
function send(
  port: number,
  target: string,
  method = "GET",
  body = "",
): { text: () => string; leave: () => void } {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (bytes) => (received += bytes)).on("error", () => socket.destroy());
  const fields =
    method === "POST" ? `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` : "";
  socket.write(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields}\r\n${body}`);
  return { text: () => received, leave: () => socket.destroy() };
}

const REQUESTS = [
  ["a poll", "/channels/a", "GET", ""],
  ["a stream", "/channels/a?stream=1", "GET", ""],
  ["a publish", "/channels/a", "POST", '{"messages":[{"data":1}]}'],
  ["a problem", "/channels/a?limit=x", "GET", ""],
] as const;

for (const koa of [false, true])
  for (const { what, act, told } of ACTS) {
    const way = koa ? "through Koa" : "through handle";
    for (const [request, target, method, body] of REQUESTS)
      test(`${way}: other code ${what} while ${request} is answered`, () =>
        served(koa, async ({ port, errors, next }) => {
          let over = false;
          next.act = (res, req) => {
            res.once("close", () => (over = true));
            act(res, req);
          };
          const client = send(port, target, method, body);
          if (told > 0) await until(() => errors.length >= 1, "the failure is reported");
          else await until(() => over, "the exchange is over");
          client.leave();
          assert.ok(errors.length <= told, `reported once: ${errors}`);
        }));

    test(`${way}: other code ${what} while a poll is held`, () =>
      served(koa, async ({ port, errors, next, log, held }) => {
        const { cursor } = await log.append("a", [{ json: "1" }]);
        const responses: [ServerResponse, IncomingMessage][] = [];
        next.act = (res, req) => void responses.push([res, req]);
        const client = send(port, `/channels/a?wait=60&after=${cursor}`);
        await until(() => held() === 1, "it is held");
        for (const [res, req] of responses) act(res, req);
        await log.append("a", [{ json: "2" }]);
        await until(() => held() === 0, "nothing is held");
        if (told > 0) await until(() => errors.length >= 1, "the failure is reported");
        client.leave();
        assert.ok(errors.length <= told, `reported once: ${errors}`);
      }));
  }

for (const koa of [false, true])
  for (const plainStreams of [false, true])
    for (const { what, act, told } of ACTS.slice(3)) {
      const way = `${koa ? "through Koa" : "through handle"}${plainStreams ? ", plain" : ""}`;
      test(`${way}: other code ${what} while a stream is open`, () =>
        served(
          koa,
          async ({ port, errors, next, log, held }) => {
            const responses: [ServerResponse, IncomingMessage][] = [];
            next.act = (res, req) => void responses.push([res, req]);
            const client = send(port, "/channels/a?stream=1&after=end");
            await until(() => client.text().includes("$open"), "the first block");
            for (const text of ["1", "2"]) await log.append("a", [{ json: text }]);
            await until(() => client.text().includes("data: 2"), "messages arrive");
            for (const [res, req] of responses) act(res, req);
            const before = client.text();
            for (let n = 3; held() > 0; n += 1) {
              await log.append("a", [{ json: `"late ${n}"` }]);
              await new Promise((resolve) => setImmediate(resolve));
              assert.ok(n < 1_000, "the stream is released");
            }
            client.leave();
            assert.not.match(client.text().slice(before.length), /late/, "nothing follows the end");
            assert.ok(errors.length <= told, `reported once: ${errors}`);
          },
          { plainStreams },
        ));
    }

for (const koa of [false, true])
  for (const removed of ["close", "drain", undefined])
    test(`${koa ? "through Koa" : "through handle"}: a stream without listeners (${removed ?? "all"}) ends with its client`, () =>
      served(koa, async ({ port, next, log, held, errors }) => {
        const responses: ServerResponse[] = [];
        next.act = (res) => void responses.push(res);
        const client = send(port, "/channels/a?stream=1&after=end");
        await until(() => client.text().includes("$open"), "the first block");
        for (const res of responses) res.removeAllListeners(removed);
        await log.append("a", [{ json: "1" }]);
        await until(() => client.text().includes("data: 1"), "the stream continues");
        client.leave();
        await until(() => responses.every(({ destroyed }) => destroyed), "node has seen it");
        await log.append("a", [{ json: "2" }]);
        await until(() => held() === 0, "nothing is held");
        assert.equal(errors, []);
      }));

test("if other code ended the response before our handler ran, it is left alone and nothing is appended", async () => {
  const log = new MemoryLog();
  const errors: unknown[] = [];
  const { handle } = tidemark(log, { onError: (error) => errors.push(error) });
  const server = createServer((req, res) => {
    res.writeHead(401).end("no");
    assert.is(handle(req, res), true);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/a`;
  const init = { method: "POST", body: '{"messages":[{"data":1}]}' };
  const response = await fetch(url, { ...init, headers: { "Content-Type": "application/json" } });
  assert.is(response.status, 401);
  assert.is(await response.text(), "no");
  assert.match(String(errors), /^InterferenceError: Other code sent an answer \(401\)/);
  assert.equal((await log.read("a", "start", { maxMessages: 1 })).messages, []);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test("of a hundred requests that other code answers, five are reported at once", async () => {
  const errors: unknown[] = [];
  const { handle } = tidemark(new MemoryLog(), { onError: (error) => errors.push(error) });
  const server = createServer((req, res) => {
    res.end("mine");
    handle(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/a`;
  for (let n = 0; n < 100; n += 1) await (await fetch(url)).text();
  assert.is(errors.length, 5);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const POLL = "/channels/a";
const STREAM = "/channels/a?stream=1";
const POLL_AND_STREAM = [POLL, STREAM];

for (const thrower of ["setHeader", "writeHead", "write", "end"] as const)
  test(`a wrapper whose ${thrower} throws costs one exchange`, async () => {
    const errors: unknown[] = [];
    const middleware = tidemark(new MemoryLog(), { onError: (error) => errors.push(error) });
    const server = createServer((req, res) => {
      res[thrower] = () => {
        throw new Error("a fault of the wrapper");
      };
      middleware.handle(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const targets = { setHeader: POLL_AND_STREAM, writeHead: POLL_AND_STREAM, write: [STREAM], end: [POLL] };
    for (const target of targets[thrower]) {
      errors.length = 0;
      const client = send(port, target);
      await until(() => errors.length === 1, "the failure is reported");
      client.leave();
      await until(() => isIdle(middleware), "nothing is held");
      assert.ok(errors.length <= 1, `reported once: ${errors}`);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

test.run();

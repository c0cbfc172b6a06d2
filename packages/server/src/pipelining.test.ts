// A client that pipelines gets all answers in order, and hardly affects others, whether it reads or not.
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../testing/servers/serving.ts";
import { listen } from "./listen.ts";
import { tidemark } from "./tidemark.ts";

/** Collects what a connection receives, once it starts to read. */
class Client {
  readonly socket: Socket;
  text = "";
  closed = false;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (bytes) => (this.text += bytes.toString("latin1")));
    this.socket.on("error", () => this.socket.destroy()).on("close", () => (this.closed = true));
  }

  send(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }

  get answers(): number {
    return this.text.match(/HTTP\/1\.1 \d/g)?.length ?? 0;
  }
}

const get = (target: string, fields = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${fields}\r\n`;

const post = (n: number): string => {
  const body = `{"messages":[{"data":${n}}]}`;
  return `POST /channels/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

interface Bench {
  readonly port: number;
  readonly log: MemoryLog;
}

async function listening(run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const server = await listen(log, { port: 0 });
  try {
    await run({ port: server.port, log });
  } finally {
    await server.close({ windowMs: 0 });
  }
}

/** Use a server that the application created. */
function elsewhere(koa: boolean): (run: (bench: Bench) => Promise<void>) => Promise<void> {
  return async (run) => {
    const log = new MemoryLog();
    const channels = tidemark(log);
    const app = new Koa().use(channels).callback();
    const server = createServer((req, res) => {
      if (koa || !channels.handle(req, res)) void app(req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await run({ port: (server.address() as AddressInfo).port, log });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

const WAYS = { listen: listening, handle: elsewhere(false), Koa: elsewhere(true) };

for (const [way, served] of Object.entries(WAYS)) {
  test(`${way}: a thousand pipelined requests of all kinds are answered in order`, () =>
    served(async ({ port, log }) => {
      const client = new Client(port);
      let text = "";
      for (let n = 0; n < 1_000; n += 1)
        text += n % 4 === 0 ? post(n) : n % 4 === 1 ? get("/other") : get(`/channels/c${n}?limit=1`);
      client.send(text);
      await until(() => client.answers === 1_000, "all answers");
      const statuses = client.text.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
      for (const [n, status] of statuses.entries()) assert.is(status, n % 4 === 1 ? "404" : "200", `${n}`);
      const { messages } = await log.read("a", "start", { maxMessages: 1_000 });
      assert.equal(
        messages.map(({ json }) => Number(json)),
        Array.from({ length: 250 }, (_, index) => 4 * index),
      );
      client.socket.destroy();
    }));

  test(`${way}: requests that come in pieces of any size are answered in order`, () =>
    served(async ({ port }) => {
      const client = new Client(port);
      const text = Array.from({ length: 200 }, (_, n) => (n % 3 === 0 ? post(n) : get("/channels/a"))).join(
        "",
      );
      for (let at = 0, size = 1; at < text.length; at += size, size = (size * 7) % 4_099) {
        client.send(text.slice(at, at + size));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => client.answers === 200, "all answers");
      assert.equal(new Set(client.text.match(/(?<=HTTP\/1\.1 )\d+/g)), new Set(["200"]));
      client.socket.destroy();
    }));

  test(`${way}: the last of many pipelined requests can end the connection`, () =>
    served(async ({ port }) => {
      const client = new Client(port).send(
        get("/channels/a").repeat(100) + get("/channels/a", "Connection: close\r\n"),
      );
      await until(() => client.closed, "the end");
      assert.is(client.answers, 101);
    }));

  test(`${way}: requests behind a held poll wait for it, and are dropped if the client disconnects`, () =>
    served(async ({ port, log }) => {
      const { cursor } = await log.append("a", [{ json: "1" }]);
      const text = get(`/channels/a?wait=60&after=${cursor}`) + get("/channels/b").repeat(50);
      const patient = new Client(port).send(text);
      const gone = new Client(port).send(text);
      await until(() => gone.socket.bytesWritten === text.length, "all requests are sent");
      gone.socket.destroy();
      await log.append("a", [{ json: "2" }]);
      await until(() => patient.answers === 51, "all answers");
      patient.socket.destroy();
    }));
}

test("a request with an unsupported Upgrade is handled as an ordinary request", () =>
  listening(async ({ port }) => {
    const client = new Client(port).send(get("/channels/a", "Connection: Upgrade\r\nUpgrade: h2c\r\n"));
    await until(() => client.answers === 1, "the answer");
    assert.match(client.text, /^HTTP\/1\.1 200/);
    client.socket.destroy();
    const tunnel = new Client(port).send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n");
    await until(() => tunnel.closed, "no tunnel");
    assert.is(tunnel.text, "");
  }));

test("from a client that takes no answers, only a few requests are read", () =>
  listening(async ({ port, log }) => {
    const { cursor } = await log.append("a", [{ json: "0" }]);
    for (let n = 0; n < 8; n += 1) await log.append("a", [{ json: JSON.stringify("x".repeat(2_000)) }]);
    let reads = 0;
    const { read } = log;
    log.read = (...args) => {
      reads += 1;
      return read.apply(log, args);
    };
    const { socket } = new Client(port);
    socket.pause();
    // Each request is for a different page, so that each would cause a read.
    for (let n = 1; n <= 4_000; n += 1)
      socket.write(get(`/channels/a?limit=${(n % 900) + 50}&after=${cursor}&n=${n}`));
    const other = new Client(port);
    for (let n = 1; n <= 200; n += 1) {
      other.send(get("/channels/b"));
      await until(() => other.answers === n, "another client's answer");
    }
    assert.ok(socket.bytesWritten < 4_000 * 100, "the rest is waiting at the client");
    assert.ok(reads < 4_000, `${reads} of 4000 requests were worked on`);
    socket.resume();
    await until(() => reads > 0, "the server continues");
    socket.destroy();
    other.socket.destroy();
  }));

test("one turn of the event loop works on few requests of a connection", () =>
  listening(async ({ port, log }) => {
    const perTurn = [0];
    let goesOn = true;
    const turn = (): void => {
      perTurn.push(0);
      if (goesOn) setImmediate(turn);
    };
    turn();
    const { read } = log;
    log.read = (...args) => {
      perTurn.push((perTurn.pop() ?? 0) + 1);
      return read.apply(log, args);
    };
    const client = new Client(port).send(
      Array.from({ length: 800 }, (_, n) => get(`/channels/c${n}`)).join(""),
    );
    await until(() => client.answers === 800, "all answers");
    goesOn = false;
    client.socket.destroy();
    assert.ok(Math.max(...perTurn) <= 20, `${Math.max(...perTurn)} in one turn`);
  }));

test("closing cuts a client that takes no answers", async () => {
  const log = new MemoryLog();
  await log.append("a", [{ json: JSON.stringify("x".repeat(500_000)) }]);
  const server = await listen(log, { port: 0 });
  const { socket } = new Client(server.port);
  socket.pause();
  socket.write(get("/channels/a").repeat(100));
  const other = new Client(server.port).send(get("/channels/b"));
  await until(() => other.answers === 1, "the server works on the requests");
  await server.close({ windowMs: 10 });
  socket.destroy();
});

test.run();

import { createServer, get, type RequestListener } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sse } from "./sse.ts";

const MIB = 1_024 * 1_024;

/** The size of a message that takes the reader three times as long as the limit. */
const MESSAGE_BYTES = 24 * MIB;
const DRAIN_TIMEOUT_MS = 2_000;
/** Linux reports room on a loopback connection after it has sent a third of its 4 MiB. */
const STEP_BYTES = MIB;
const STEP_MS = 250;

/** A way to serve and to open a stream. */
interface Way {
  readonly title: string;
  readonly plainStreams?: boolean;
  serve(middleware: ServerMiddleware): Server;
  open(port: number): Promise<{ readonly stream: Readable; close(): void }>;
}

function throughKoa(middleware: ServerMiddleware): RequestListener {
  return new Koa().use(middleware).callback();
}

const PATH = "/channels/big?stream=1";

async function openHttp(port: number): ReturnType<Way["open"]> {
  return new Promise((resolve, reject) => {
    const request = get({ port, path: PATH, agent: false }, (stream) =>
      resolve({ stream, close: () => request.destroy() }),
    ).on("error", reject);
  });
}

async function openHttp2(port: number): ReturnType<Way["open"]> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  const stream = session.request({ ":path": PATH });
  return { stream, close: () => session.destroy() };
}

const ahead = (middleware: ServerMiddleware): Server =>
  createServer((req, res) => void middleware.handle(req, res));

const WAYS: readonly Way[] = [
  { title: "straight to the connection", serve: ahead, open: openHttp },
  { title: "through the response", plainStreams: true, serve: ahead, open: openHttp },
  { title: "through Koa", serve: (one) => createServer(throughKoa(one)), open: openHttp },
  {
    title: "over HTTP/2",
    serve: (one) => createHttp2Server(throughKoa(one) as never),
    open: openHttp2,
  },
];

interface Reading {
  readonly bytes: number;
  readonly ms: number;
  /** The longest time between two steps. */
  readonly pauseMs: number;
}

/** Read a step of bytes at a time, slower than they arrive. */
async function readSteadily(stream: Readable): Promise<Reading> {
  let bytes = 0;
  let ended = false;
  let quota = 0;
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    quota -= chunk.length;
    if (quota <= 0) stream.pause();
  });
  stream.once("close", () => {
    ended = true;
  });
  stream.on("error", () => stream.destroy()); // the stream was cut: the byte count shows it
  const started = performance.now();
  let pauseMs = 0;
  while (bytes < MESSAGE_BYTES && !ended) {
    const stepped = performance.now();
    quota = STEP_BYTES;
    stream.resume();
    await delay(STEP_MS);
    pauseMs = Math.max(pauseMs, performance.now() - stepped);
  }
  return { bytes, ms: performance.now() - started, pauseMs };
}

async function readOnce({ plainStreams = false, serve, open }: Way): Promise<Reading> {
  const log = new MemoryLog();
  await log.append("big", [{ json: JSON.stringify("x".repeat(MESSAGE_BYTES)) }]);
  const middleware = sse(log, { drainTimeoutMs: DRAIN_TIMEOUT_MS, plainStreams });
  const server = serve(middleware);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { stream, close } = await open((server.address() as AddressInfo).port);
  try {
    return await readSteadily(stream);
  } finally {
    close();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function readsAll(way: Way): Promise<void> {
  let reading = await readOnce(way);
  // A busy machine can pause the reader so long that it is rightly cut off. Then try again.
  const isExcused = ({ ms, pauseMs }: Reading): boolean =>
    ms < DRAIN_TIMEOUT_MS || pauseMs > DRAIN_TIMEOUT_MS / 4;
  while (reading.bytes < MESSAGE_BYTES && isExcused(reading)) reading = await readOnce(way);
  const { bytes, ms } = reading;
  assert.ok(bytes >= MESSAGE_BYTES, `${way.title}: cut off after ${bytes} bytes and ${Math.round(ms)} ms`);
  assert.ok(ms > 2 * DRAIN_TIMEOUT_MS, `${way.title}: it took longer than the limit`);
}

test("a reader that is slow but never stops gets a large message completely, however long it takes", async () => {
  await Promise.all(WAYS.map(readsAll));
});

test.run();

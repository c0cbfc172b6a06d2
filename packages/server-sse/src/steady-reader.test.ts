import { createServer, get, type RequestListener } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log-memory";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sse } from "./sse.ts";

const MIB = 1_024 * 1_024;

/** The size of a message that takes the reader three times as long as the limit. */
const MESSAGE_BYTES = 24 * MIB;
/** Linux reports room on a loopback connection after it has sent a third of its 4 MiB. */
const STEP_BYTES = MIB;
const STEPS_PER_LIMIT = 8;

/**
 * The server's limits to try, in milliseconds. On a busy machine, the reader can pause so long that it is rightly cut
 * off; then the next one is tried.
 */
const LIMITS_MS = [2_000, 4_000, 8_000, 16_000] as const;

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
  /** The longest time without reading: from the request to the first step, or between two steps. */
  readonly pauseMs: number;
}

/** Read a step of bytes at a time, slower than they arrive. */
async function readSteadily(stream: Readable, stepMs: number, openedAt: number): Promise<Reading> {
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
  let pauseMs = started - openedAt;
  while (bytes < MESSAGE_BYTES && !ended) {
    const stepped = performance.now();
    quota = STEP_BYTES;
    stream.resume();
    await delay(stepMs);
    pauseMs = Math.max(pauseMs, performance.now() - stepped);
  }
  return { bytes, ms: performance.now() - started, pauseMs };
}

async function readOnce(
  { plainStreams = false, serve, open }: Way,
  drainTimeoutMs: number,
): Promise<Reading> {
  const log = new MemoryLog();
  await log.append("big", [{ json: JSON.stringify("x".repeat(MESSAGE_BYTES)) }]);
  const middleware = sse(log, { drainTimeoutMs, plainStreams });
  const server = serve(middleware);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const openedAt = performance.now();
  const { stream, close } = await open((server.address() as AddressInfo).port);
  try {
    return await readSteadily(stream, drainTimeoutMs / STEPS_PER_LIMIT, openedAt);
  } finally {
    close();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function readsAll(way: Way): Promise<void> {
  for (const limitMs of LIMITS_MS) {
    const { bytes, ms, pauseMs } = await readOnce(way, limitMs);
    const what = `${way.title}: ${bytes} bytes in ${Math.round(ms)} ms, limit ${limitMs}, pause ${pauseMs}`;
    if (bytes >= MESSAGE_BYTES) return assert.ok(ms > 2 * limitMs, `${what}: faster than expected`);
    assert.ok(pauseMs > limitMs / 4, `${what}: cut off although it went on reading`);
  }
  assert.unreachable(`${way.title}: too busy a machine: the reader paused for seconds at every try`);
}

test("a reader that is slow but never stops gets a large message completely, however long it takes", async () => {
  await Promise.all(WAYS.map(readsAll));
});

test.run();

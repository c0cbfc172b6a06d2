import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../test/serving.ts";
import { writeStream } from "./write-stream.ts";

/** More than a loopback connection takes without a reader. */
const CHUNKS = 256;
const CHUNK = new Uint8Array(64 * 1024);

interface Written {
  produced: number;
  buffered: number;
  over: boolean;
  failure: unknown;
}

/** Serve `chunks` chunks to one client, and show both ends. */
async function writing(
  body: (written: Written) => AsyncIterable<Uint8Array>,
  drainTimeoutMs: number,
  run: (written: Written, response: IncomingMessage) => Promise<void>,
): Promise<void> {
  const written: Written = { produced: 0, buffered: 0, over: false, failure: undefined };
  const handle = async (_: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      await writeStream(res, measured(res, written, body(written)), drainTimeoutMs);
    } catch (error) {
      written.failure = error;
    }
    written.over = true;
  };
  const server = createServer((req, res) => void handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, agent: false }, resolve).on("error", reject);
    });
    response.on("error", () => response.destroy());
    await run(written, response);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function* measured(res: ServerResponse, written: Written, body: AsyncIterable<Uint8Array>) {
  for await (const chunk of body) {
    written.buffered = Math.max(written.buffered, res.writableLength);
    written.produced += chunk.byteLength;
    yield chunk;
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield CHUNK;
}

async function* many(): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < CHUNKS; n++) yield CHUNK;
}

test("a reader that does not read stops the production, and nothing is queued beyond a chunk", () =>
  writing(many, 60_000, async (written, response) => {
    let before = -1;
    // Once the connection is full, nothing is produced any more: seen when two long runs of turns change nothing.
    while (before !== written.produced) {
      before = written.produced;
      for (let turn = 0; turn < 2_000; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(written.produced < CHUNKS * CHUNK.byteLength, `${written.produced} bytes were produced`);
    assert.ok(written.buffered <= CHUNK.byteLength, `${written.buffered} bytes were queued`);
    let received = 0;
    for await (const chunk of response) received += chunk.length;
    assert.is(received, CHUNKS * CHUNK.byteLength);
  }));

test("a reader that takes nothing for too long is cut off", () =>
  writing(endless, 50, async (written, response) => {
    await until(() => written.over, "the end of the production");
    assert.is(written.failure, undefined);
    await assertCut(response);
  }));

test("a client that goes away ends the production", () =>
  writing(endless, 60_000, async (written, response) => {
    response.destroy();
    await until(() => written.over, "the end of the production");
  }));

test("a body that fails ends the answer after its last whole chunk, and the failure is told", () => {
  const failure = new Error("the log is down");
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("one\n\n");
    throw failure;
  }
  return writing(failing, 60_000, async (written, response) => {
    let text = "";
    for await (const chunk of response) text += chunk;
    assert.is(text, "one\n\n");
    assert.ok(response.complete, "ended and not cut");
    assert.is(written.failure, failure);
  });
});

async function assertCut(response: IncomingMessage): Promise<void> {
  try {
    for await (const chunk of response) assert.ok(chunk.length > 0);
    assert.unreachable("the answer was cut, and has no proper end");
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, "ECONNRESET");
  }
}

test.run();

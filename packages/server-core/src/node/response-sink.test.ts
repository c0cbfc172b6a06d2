import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { frameOf } from "../answer/frame.ts";
import { ResponseSink, type SinkOptions } from "./response-sink.ts";

/** A writer that records the calls that it gets. */
class Seen {
  drains = 0;
  over = 0;
  drained = (): void => {
    this.drains += 1;
  };
  gone = (): void => {
    this.over += 1;
  };
}

type Write = (sink: ResponseSink, seen: Seen, res: ServerResponse) => unknown;

/** Let one client read what `write` writes, and check both ends. */
async function writing(
  options: Partial<SinkOptions>,
  write: Write,
  read: (response: IncomingMessage, seen: Seen) => Promise<void>,
  prepare: (res: ServerResponse) => void = () => undefined,
): Promise<void> {
  const seen = new Seen();
  const errors: unknown[] = [];
  const server = createServer((_, res) => {
    prepare(res);
    const all = { drainTimeoutMs: 60_000, onError: (error: unknown) => errors.push(error), ...options };
    const sink = new ResponseSink(res, all);
    sink.open(seen);
    Promise.resolve(write(sink, seen, res)).catch((error) => {
      sink.report(error);
      sink.cut();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, agent: false }, resolve).on("error", reject);
    });
    response.on("error", () => response.destroy());
    await read(response, seen);
    assert.equal(errors, []);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Write blocks as a stream does: each after the one before was taken, with turns of the event loop between some. End
 * right after the last one, taken or not.
 */
function writer(
  blocks: readonly string[],
  turns: readonly boolean[],
): (sink: ResponseSink, seen: Seen) => Promise<void> {
  return async (sink, seen) => {
    let number = 0;
    for (const block of blocks) {
      const before = seen.drains;
      const frame = frameOf(block);
      const taken = number === 0 ? sink.begin(block) : !frame || sink.write(frame);
      if (!taken && number < blocks.length - 1) await until(() => seen.drains > before, "the drain");
      if (turns[number]) await turn();
      number += 1;
    }
    sink.end();
  };
}

const WAYS: readonly (readonly [string, Partial<SinkOptions>])[] = [
  ["through the response", { plain: true }],
  ["straight to the connection", {}],
  ["straight to the connection, releasing the head", { unobserved: true }],
];

test("each way of writing delivers exactly what was written, and ends the answer properly", async () => {
  const block = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.nat(300_000).map((length) => "é".repeat(length)),
  );
  const blocks = fc.array(block, { minLength: 1, maxLength: 12 });
  const turns = fc.array(fc.boolean(), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(blocks, turns, async (written, between) => {
      for (const [way, options] of WAYS)
        await writing(options, writer(written, between), async (response, seen) => {
          assert.is(await textOf(response), written.join(""), way);
          assert.ok(response.complete, way);
          await until(() => seen.over === 1, "the end is reported once");
        });
    }),
    { numRuns: 40 },
  );
});

test("a frame has its bytes, and one chunk that contains them", async () => {
  const frame = frameOf("data: é\n\n");
  assert.is(frame?.chunk.toString(), "a\r\ndata: é\n\n\r\n");
  assert.is(frame?.bytes.toString(), "data: é\n\n");
  assert.is(frameOf(""), undefined);
});

const SHAPED: readonly (readonly [what: string, past: boolean, prepare: (res: ServerResponse) => void])[] = [
  ["no other code changes", true, () => undefined],
  ["has a content coding", false, (res) => void res.setHeader("Content-Encoding", "identity")],
  ["has a length", false, (res) => void res.setHeader("Content-Length", "2")],
  [
    "is wrapped",
    false,
    (res) => {
      res.write = res.write.bind(res);
    },
  ],
];

for (const [what, past, prepare] of SHAPED)
  test(`for a response that ${what}, frames ${past ? "" : "do not "}go straight to the connection`, () => {
    const frame = frameOf("b");
    const direct: unknown[] = [];
    return writing(
      {},
      async (sink, _, res) => {
        sink.begin("a");
        await turn();
        const { socket } = res;
        if (!socket || !frame) throw new Error("no connection");
        const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
        socket.write = (...args: unknown[]) => {
          direct.push(args[0]);
          return write(...args);
        };
        sink.write(frame);
        sink.end();
      },
      async (response) => {
        assert.is(await textOf(response), "ab");
        assert.is(direct.includes(frame?.chunk), past);
      },
      prepare,
    );
  });

test("an HTTP/1.0 client gets no chunks", async () => {
  const server = createServer(async (_, res) => {
    const sink = new ResponseSink(res, { drainTimeoutMs: 60_000, onError: () => undefined });
    sink.open(new Seen());
    await writer(["one", "two", "three"], [true, true])(sink, new Seen());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write("GET / HTTP/1.0\r\n\r\n");
  let text = "";
  for await (const bytes of socket) text += bytes;
  assert.ok(text.endsWith("\r\n\r\nonetwothree"));
  await new Promise((resolve) => server.close(resolve));
});

for (const [way, options] of WAYS)
  test(`${way}: a reader that does not read stops the writer, and is cut off in time`, () => {
    let written = 0;
    const chunk = frameOf("x".repeat(64 * 1_024));
    return writing(
      { ...options, drainTimeoutMs: 100 },
      async (sink, seen) => {
        sink.begin("x");
        await turn();
        while (chunk && seen.over === 0) {
          const before = seen.drains;
          if (!sink.write(chunk)) await until(() => seen.drains > before || seen.over > 0, "drain or end");
          written += 1;
          assert.ok(written < 1_000, "it is never stopped");
          await turn();
        }
      },
      async (response, seen) => {
        response.pause();
        await until(() => seen.over === 1, "the reader was cut off");
      },
    );
  });

for (const [way, options] of WAYS)
  test(`${way}: a reader that stops within one large frame is cut off in time, even if the answer ends there`, () =>
    writing(
      { ...options, drainTimeoutMs: 100 },
      async (sink) => {
        sink.begin("x".repeat(32 * 1_024 * 1_024));
        sink.end();
      },
      async (response, seen) => {
        response.pause();
        await until(() => seen.over === 1, "the reader was cut off");
        response.resume();
        await until(() => response.closed, "the client sees it");
        assert.is(response.complete, false);
      },
    ));

for (const [way, options] of WAYS)
  test(`${way}: a client that disconnects is reported once`, () =>
    writing(
      options,
      (sink) => sink.begin("x"),
      async (response, seen) => {
        response.destroy();
        await until(() => seen.over === 1, "the end is reported");
      },
    ));

test("a failure is reported, and the answer goes on to its end", async () => {
  const failure = new Error("the log is down");
  const told: unknown[] = [];
  await writing(
    { onError: (error) => told.push(error) },
    (sink) => {
      sink.begin("one\n\n");
      sink.report(failure);
      sink.end();
    },
    async (response) => {
      assert.is(await textOf(response), "one\n\n");
      assert.ok(response.complete, "ended and not cut");
      assert.equal(told, [failure]);
    },
  );
});

test.run();

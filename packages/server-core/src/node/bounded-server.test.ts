import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { createBoundedServer } from "./bounded-server.ts";

/** The documented bound: the request that is being answered, and 16 behind it. */
const AHEAD = 16;
const SENT = 200;

/** A server, the requests that its parser has read so far, and a connection to it. */
async function bench(listener: RequestListener, run: (bench: Bench) => Promise<void>): Promise<void> {
  const server = createBoundedServer(listener);
  const read: string[] = [];
  let stops = 0;
  server.on("request", ({ url }: IncomingMessage) => read.push(String(url)));
  server.on("upgrade", () => {
    stops += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  try {
    await run({ socket, read, stops: () => stops });
  } finally {
    socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

interface Bench {
  readonly socket: Socket;
  /** The targets of the requests, in the order in which they were read. */
  readonly read: readonly string[];
  /** How often the parser was stopped because the connection was full. */
  readonly stops: () => number;
}

const TARGETS = Array.from({ length: SENT }, (_, n) => `/${n}`);
const REQUESTS = TARGETS.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join("");

for (const [how, pieces] of [
  ["in one write", [REQUESTS]],
  ["in many writes", REQUESTS.match(/[\s\S]{1,97}/g) ?? []],
] as const)
  test(`behind a request without an answer, ${AHEAD} pipelined requests are read: ${how}`, () => {
    let first: ServerResponse | undefined;
    let answered = 0;
    const answer: RequestListener = (_req, res) => {
      if (first === undefined) first = res;
      else res.end(String(++answered));
    };
    return bench(answer, async ({ socket, read, stops }) => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => stops() > 0 || read.length === SENT, "the parser stops, or all requests are read");
      assert.is(read.length, 1 + AHEAD, "requests read before the first answer");
      assert.is(answered, 0, "nobody overtakes the first request");
      first?.end("0");
      await until(() => answered === SENT - 1, "all answers");
      assert.equal(read, TARGETS, "each is read once, in order");
    });
  });

test("while a client takes no answers, no more requests are read than fit in its connection", () => {
  const body = "x".repeat(1_000_000);
  return bench(
    (_req, res) => res.end(body),
    async ({ socket, read, stops }) => {
      socket.pause();
      socket.write(REQUESTS);
      await until(() => stops() > 0 || read.length === SENT, "the parser stops, or all requests are read");
      // The kernel takes a few megabytes; then the answers wait, and so do the requests behind them.
      assert.ok(read.length < SENT / 2, `${read.length} of ${SENT} requests are read`);
      socket.resume();
      await until(() => read.length === SENT, "the rest is read when the answers are taken");
    },
  );
});

test.run();

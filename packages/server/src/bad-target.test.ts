// Whatever a client writes into the first line of a request, it gets a 400 or 404. It never causes a server failure.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listenerFor, RIMS, type Rim } from "../../../testing/servers/serving.ts";
import { listen } from "./listen.ts";
import { tidemark } from "./tidemark.ts";

/** Everything that is received until the connection ends. */
async function answerTo(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  let received = "";
  socket.on("data", (bytes) => (received += bytes.toString("latin1")));
  socket.write(text, "latin1");
  await new Promise((resolve) => socket.on("close", resolve));
  return received;
}

const lineOf = (target: string, method = "GET"): string =>
  `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;

const REQUESTS: readonly (readonly [target: string, status: number, method?: string])[] = [
  ["http://", 400],
  ["http://[", 400],
  ["http://?", 400],
  ["http://[::1", 400],
  ["http://127.0.0.1:port/channels/a", 400],
  ["http://u@127.0.0.1/channels/a", 400],
  ["*", 400],
  ["*", 404, "OPTIONS"],
  ["127.0.0.1:80", 400],
  ["http://127.0.0.1/channels/a", 200],
  ["http://127.0.0.1/other", 404],
  ["/channels/%zz", 404],
  ["/channels/%00", 404],
  ["/channels/a\u0001", 400],
  ["/channels/\u00ff", 400],
  [`/channels/${"a".repeat(300)}`, 404],
  [`/channels/${"a".repeat(20_000)}`, 431],
  ["//[", 404],
  ["/../../etc", 404],
];

interface Target {
  readonly port: number;
  readonly errors: readonly unknown[];
}

async function listening(run: (target: Target) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  const server = await listen(new MemoryLog(), { port: 0, onError: (error) => errors.push(error) });
  try {
    await run({ port: server.port, errors });
  } finally {
    await server.close({ windowMs: 0 });
  }
}

/** Served by a server of the application. */
function applied(rim: Rim) {
  return async (run: (target: Target) => Promise<void>): Promise<void> => {
    const errors: unknown[] = [];
    const failed = (error: unknown): unknown => errors.push(error);
    const server = createServer(listenerFor(tidemark(new MemoryLog()), rim, failed));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await run({ port: (server.address() as AddressInfo).port, errors });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}

const WAYS = [["listen", listening], ...RIMS.map((rim) => [rim, applied(rim)] as const)] as const;

for (const [way, served] of WAYS)
  for (const [target, status, method] of REQUESTS)
    test(`${way}: ${method ?? "GET"} ${target.slice(0, 40)} is ${status}`, () =>
      served(async ({ port, errors }) => {
        const answer = await answerTo(port, lineOf(target, method));
        assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
        assert.not.match(answer, / at |node_modules/);
        assert.equal(errors, []);
      }));

test("the host of an absolute target takes precedence over Host", () =>
  listening(async ({ port }) => {
    const answer = await answerTo(port, lineOf("http://elsewhere.example/channels/a"));
    assert.match(answer, /^HTTP\/1.1 403 /);
  }));

test("no target causes a server failure", () =>
  listening(async ({ port, errors }) => {
    const texts = fc.oneof(
      fc.string({ unit: "binary-ascii", maxLength: 40 }),
      fc.string().map((text) => `http://${text}`),
      fc.webUrl(),
      fc.string().map((text) => `/channels/${text}`),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const target = text.replaceAll(/[\r\n ]/g, "");
        const answer = await answerTo(port, lineOf(`${target || "*"}`));
        assert.match(answer, /^HTTP\/1.1 (200|400|403|404) /, JSON.stringify(target));
      }),
      { numRuns: 200 },
    );
    assert.equal(errors, []);
  }));

test("the first of many bad requests ends the connection", () =>
  listening(async ({ port, errors }) => {
    const answer = await answerTo(port, "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000));
    assert.is(answer.match(/HTTP\/1.1 400/g)?.length, 1);
    assert.equal(errors, []);
  }));

test.run();

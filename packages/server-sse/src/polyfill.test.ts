// A library that sends the last id in the query instead of Last-Event-ID, against a real server that cuts connections.
import { createServer, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../testing/servers/serving.ts";
import { sse } from "./sse.ts";

interface Polyfill {
  onmessage: ((event: { readonly data: string }) => void) | null;
  readonly readyState: number;
  addEventListener(type: string, listener: () => void): void;
  close(): void;
}

type PolyfillClass = new (url: string, options?: Readonly<Record<string, unknown>>) => Polyfill;

const { EventSourcePolyfill } = createRequire(import.meta.url)("event-source-polyfill") as {
  readonly EventSourcePolyfill: PolyfillClass;
};

/** A server with a list of its requests and open answers. */
interface At {
  readonly log: MemoryLog;
  readonly url: string;
  readonly requests: string[];
  readonly open: Set<ServerResponse>;
}

async function served(run: (at: At) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const middleware = sse(log, { retryMs: 1 });
  const requests: string[] = [];
  const open = new Set<ServerResponse>();
  const server: Server = createServer((req, res) => {
    requests.push(req.url ?? "");
    open.add(res);
    res.once("close", () => open.delete(res));
    middleware.handle(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await run({ log, requests, open, url: `http://127.0.0.1:${port}/channels/a` });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const append = (log: MemoryLog, ...numbers: readonly number[]) =>
  log.append(
    "a",
    numbers.map((number) => ({ event: "message", json: String(number) })),
  );

for (const query of ["", "?stream=1&after=start"])
  test(`event-source-polyfill at "…${query}" resumes after a cut, and gets no message twice`, () =>
    served(async ({ log, url, requests, open }) => {
      await append(log, 1, 2, 3);
      const got: number[] = [];
      const source = new EventSourcePolyfill(`${url}${query}`);
      source.onmessage = ({ data }) => got.push(Number(data));
      try {
        await until(() => got.length >= 3, "the history");
        for (const next of [4, 5]) {
          const cut = requests.length;
          for (const response of open) response.socket?.destroy();
          await until(() => requests.length > cut && open.size === 1, "it reconnects");
          await append(log, next);
          await until(() => got.includes(next), "the messages published since");
        }
        assert.equal(got, [1, 2, 3, 4, 5]);
        assert.match(requests[1] ?? "", /[?&]lastEventId=/, "it resumes by this parameter");
      } finally {
        source.close();
      }
    }));

test("event-source-polyfill gets $closed at the end of a channel, and can stop there", () =>
  served(async ({ log, url, requests }) => {
    await append(log, 1);
    const source = new EventSourcePolyfill(url);
    const ended = new Promise<void>((resolve) => {
      source.addEventListener("$closed", () => {
        source.close();
        resolve();
      });
    });
    await log.append("a", [], { close: true });
    await ended;
    assert.is(source.readyState, 2);
    assert.is(requests.length, 1);
  }));

test.run();

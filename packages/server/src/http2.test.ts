import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type IncomingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log-memory";
import type { ServerStats } from "@tidemark/server-core";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isIdle, until } from "../../../testing/servers/serving.ts";
import { type TidemarkOptions, tidemark } from "./tidemark.ts";

type Handler = Parameters<typeof createServer>[1];

type Way = "koa" | "node";

/** Serve over HTTP/2 until `run` ends, with all requests on one connection. */
async function serving(
  way: Way,
  log: MemoryLog,
  run: (session: ClientHttp2Session, stats: () => ServerStats) => Promise<void>,
  options: TidemarkOptions = {},
): Promise<void> {
  const errors: unknown[] = [];
  const middleware = tidemark(log, options);
  const app = new Koa().use(middleware).on("error", (error) => errors.push(error));
  const koa = app.callback() as unknown as NonNullable<Handler>;
  const failed = (error: unknown): unknown => errors.push(error);
  const node: Handler = (req, res) => void (middleware.handle(req, res, failed) || koa(req, res));
  const server = createServer(way === "koa" ? koa : node);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await run(session, middleware.stats);
  } finally {
    session.destroy();
    server.close();
  }
  await until(() => isIdle(middleware), "nothing is held");
  assert.equal(errors, []);
}

async function answerOf(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  body?: string,
): Promise<{ headers: IncomingHttpHeaders; text: string }> {
  const stream = session.request({ ":path": "/channels/a", ...headers });
  stream.end(body);
  const [received] = (await once(stream, "response")) as [IncomingHttpHeaders];
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  return { headers: received, text };
}

const WAYS: Readonly<Record<string, (way: Way) => Promise<void>>> = {
  "every mechanism works over HTTP/2, on one connection": async (way) => {
    const log = new MemoryLog();
    await serving(way, log, async (session) => {
      const stream = session.request({ ":path": "/channels/a?stream=1" });
      let streamed = "";
      stream.setEncoding("utf8").on("data", (chunk) => (streamed += chunk));
      await until(() => streamed.includes("$open"), "the first block");
      const { cursor } = JSON.parse((await answerOf(session, {})).text);
      const held = answerOf(session, { ":path": `/channels/a?wait=60&after=${cursor}` });
      const post = { ":method": "POST", "content-type": "application/json" };
      const published = await answerOf(session, post, '{"messages":[{"data":"hello"}]}');
      assert.is(published.headers[":status"], 200);
      assert.is(JSON.parse((await held).text).messages[0].data, "hello");
      await until(() => streamed.includes('data: "hello"'), "the message on the stream");
      const again = await Promise.all([0, 1].map(() => answerOf(session, {})));
      for (const { text } of again) assert.is(JSON.parse(text).messages.length, 1);
      assert.is((await answerOf(session, { ":method": "HEAD" })).text, "");
      assert.is((await answerOf(session, { ":path": "/other" })).headers[":status"], 404);
      stream.close();
    });
  },

  "a stream larger than the windows of HTTP/2 arrives completely": async (way) => {
    const log = new MemoryLog();
    const drafts = Array.from({ length: 500 }, () => ({ json: `"${"x".repeat(20_000)}"` }));
    const { cursor } = await log.append("a", drafts, { close: true });
    await serving(way, log, async (session) => {
      const stream = session.request({ ":path": "/channels/a?stream=1" });
      await once(stream, "response");
      let text = "";
      for await (const chunk of stream.setEncoding("utf8")) text += chunk;
      assert.is(text.match(/^data: "x/gm)?.length, 500);
      assert.ok(text.endsWith(`event: $closed\ndata: {}\nid: ${cursor}\n\n`));
    });
  },

  "a client that leaves while authorize works holds nothing": async (way) => {
    const log = new MemoryLog();
    const { cursor } = await log.append("a", [{ json: "1" }]);
    const asked: (() => void)[] = [];
    const authorize = () => new Promise<string>((resolve) => asked.push(() => resolve("ann")));
    await serving(
      way,
      log,
      async (session, stats) => {
        for (const query of ["stream=1", `wait=60&after=${cursor}`]) {
          const stream = session.request({ ":path": `/channels/a?${query}` });
          await until(() => asked.length === 1, "authorize is asked");
          stream.close();
          await once(stream, "close");
          // The server has seen the reset: it answers a later request of the same connection.
          await new Promise<void>((resolve, reject) =>
            session.ping((error) => (error ? reject(error) : resolve())),
          );
          asked.pop()?.();
          await turn();
          await until(
            () => Object.values(stats()).every((count) => count === 0),
            `nothing is held: ${query}`,
          );
        }
      },
      { authorize },
    );
  },

  "the host names are checked by :authority": async (way) => {
    const seen: unknown[] = [];
    await serving(
      way,
      new MemoryLog(),
      async (session) => {
        for (const authority of ["app.example", "evil.example"])
          seen.push((await answerOf(session, { ":authority": authority })).headers[":status"]);
      },
      { hosts: ["app.example"] },
    );
    assert.equal(seen, [200, 403]);
  },
};

for (const [what, run] of Object.entries(WAYS))
  for (const way of ["koa", "node"] as const) test(`${what} (${way})`, () => run(way));

test.run();

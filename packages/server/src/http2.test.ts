import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type IncomingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isIdle, until } from "../../../testing/servers/serving.ts";
import { tidemark } from "./tidemark.ts";

type Handler = Parameters<typeof createServer>[1];

/** Serve over HTTP/2 until `run` ends, with all requests on one connection. */
async function serving(log: MemoryLog, run: (session: ClientHttp2Session) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  const middleware = tidemark(log);
  const app = new Koa().use(middleware).on("error", (error) => errors.push(error));
  const server = createServer(app.callback() as unknown as NonNullable<Handler>);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await run(session);
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

test("every mechanism works over HTTP/2, on one connection", async () => {
  const log = new MemoryLog();
  await serving(log, async (session) => {
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
    stream.close();
  });
});

test("a stream larger than the windows of HTTP/2 arrives completely", async () => {
  const log = new MemoryLog();
  const drafts = Array.from({ length: 500 }, () => ({ json: `"${"x".repeat(20_000)}"` }));
  const { cursor } = await log.append("a", drafts, { close: true });
  await serving(log, async (session) => {
    const stream = session.request({ ":path": "/channels/a?stream=1" });
    await once(stream, "response");
    let text = "";
    for await (const chunk of stream.setEncoding("utf8")) text += chunk;
    assert.is(text.match(/^data: "x/gm)?.length, 500);
    assert.ok(text.endsWith(`event: $closed\ndata: {}\nid: ${cursor}\n\n`));
  });
});

test.run();

// What middleware of a web framework in front of the handler changes; docs/guide/other-middleware.md says the same.
import { serve } from "@hono/node-server";
import { MemoryLog } from "@tidemark/log-memory";
import { type Channels, channels } from "@tidemark/server-fetch";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { timeout } from "hono/timeout";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../testing/servers/serving.ts";

interface Served {
  readonly url: string;
  readonly log: MemoryLog;
  readonly handle: Channels;
  readonly errors: readonly unknown[];
}

async function behind(middleware: MiddlewareHandler, run: (served: Served) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const errors: unknown[] = [];
  const handle = channels(log, { onError: (error) => errors.push(error) });
  const app = new Hono().use(middleware).all("/channels/:channel", (c) => handle(c.req.raw));
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  try {
    await run({ url: `http://127.0.0.1:${address.port}/channels/a`, log, handle, errors });
  } finally {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const publish = (url: string, body = '{"messages":[{"data":12345678901234567890}]}'): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });

test("a body that was read is a 500 at once, with a named cause; a clone leaves it alone", async () => {
  const reads: MiddlewareHandler = async (c, next) => {
    await c.req.json();
    await next();
  };
  await behind(reads, async ({ url, errors }) => {
    assert.is((await publish(url)).status, 500);
    assert.is((errors[0] as { readonly code: string }).code, "body-read-before");
  });
  const clones: MiddlewareHandler = async (c, next) => {
    if (c.req.method === "POST") await c.req.raw.clone().json();
    await next();
  };
  await behind(clones, async ({ url }) => {
    assert.is((await publish(url)).status, 200);
    assert.match(await (await fetch(url)).text(), /"data":12345678901234567890/);
  });
});

test("a limit of bodies in front applies in addition, with and without Content-Length", () =>
  behind(bodyLimit({ maxSize: 100 }), async ({ url }) => {
    assert.is((await publish(url)).status, 200);
    const large = JSON.stringify({ messages: [{ data: "x".repeat(200) }] });
    assert.is((await publish(url, large)).status, 413);
  }));

test("compression compresses pages and no streams: each message arrives at once", () =>
  behind(compress({ threshold: 0 }), async ({ url, log }) => {
    for (let n = 0; n < 50; n += 1) await log.append("a", [{ json: JSON.stringify("x".repeat(100)) }]);
    const page = await fetch(url);
    assert.is(page.headers.get("content-encoding"), "gzip");
    assert.is(((await page.json()) as { readonly messages: unknown[] }).messages.length, 50);
    const stream = await fetch(`${url}?stream=1&after=end`);
    assert.is(stream.headers.get("content-encoding"), null);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let n = 1; n <= 20; n += 1) {
      await log.append("a", [{ json: `"message ${n}"` }]);
      while (!text.includes(`"message ${n}"`)) text += (await reader?.read())?.value ?? "";
    }
    await reader?.cancel();
  }));

test("a time-out does not cut a stream, and answers a longer wait by itself", () =>
  behind(timeout(100), async ({ url, log, handle }) => {
    const stream = await fetch(`${url}?stream=1`);
    const { cursor } = (await (await fetch(url)).json()) as { readonly cursor: string };
    assert.is((await fetch(`${url}?wait=1&after=${cursor}`)).status, 504);
    await until(() => handle.stats().held === 0, "the poll is released when its wait ends");
    await log.append("a", [{ json: '"late"' }], { close: true });
    assert.match(await stream.text(), /"late"/);
  }));

test.run();

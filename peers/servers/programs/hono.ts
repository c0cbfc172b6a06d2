// Hono's streaming helper on its Node server; with KEY and CERT, over TLS with HTTP/2. The ids count the events of one connection, as in its documentation.
import { EventEmitter, on, once } from "node:events";
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { originOf, publisher, ready, tick } from "./program.ts";

const messages = new EventEmitter().setMaxListeners(0);
const publish = (payload: string): unknown => messages.emit("message", payload);

const app = new Hono();
app.get("/sse", (c) =>
  streamSSE(c, async (stream) => {
    let id = 0;
    const closed = new AbortController();
    stream.onAbort(() => closed.abort());
    try {
      for await (const [data] of on(messages, "message", { signal: closed.signal })) {
        await stream.writeSSE({ data, event: "message", id: String(id) });
        id += 1;
      }
    } catch (error) {
      if (!closed.signal.aborted) throw error;
    }
  }),
);

const { KEY, CERT } = process.env;
const tls = KEY && CERT ? { key: readFileSync(KEY), cert: readFileSync(CERT), allowHTTP1: true } : undefined;
const server = serve({
  fetch: app.fetch,
  port: 0,
  hostname: "127.0.0.1",
  ...(tls && { createServer: createSecureServer, serverOptions: tls }),
});
if (!server.listening) await once(server, "listening");
tick(publish);
const origin = originOf(server.address() as AddressInfo).replace("http:", tls ? "https:" : "http:");
ready({ url: `${origin}/sse`, publish: await publisher(publish) });

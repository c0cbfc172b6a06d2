import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ColumnProxy } from "./column-proxy.ts";
import { createFront } from "./front.ts";
import { changed, INITIAL } from "./settings.ts";

const PAGE = "http://127.0.0.1:1";

/** How long nothing must arrive to count as held back, in milliseconds. */
const SILENCE_MS = 200;

/** Run with a proxy in front of a server, and the texts that the proxy's client has received. */
async function proxied(
  listener: RequestListener,
  run: (proxy: ColumnProxy, target: URL) => Promise<void>,
): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b=1`);
  const proxy = new ColumnProxy(target, () => PAGE);
  await proxy.listen();
  try {
    await run(proxy, target);
  } finally {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  }
}

function get(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { headers, method, agent: false }).once("response", resolve).once("error", reject).end();
  });
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += chunk;
  return text;
}

test("the proxy forwards the path, the query and the answer, and lets only the page read it", () =>
  proxied(
    (req, res) => {
      res.setHeader("Access-Control-Allow-Origin", "*");
      res.setHeader("Tidemark", "v=1");
      res.end(`${req.url} for ${req.headers.host}`);
    },
    async (proxy, target) => {
      const answer = await get(proxy.url);
      assert.is(answer.headers["access-control-allow-origin"], PAGE);
      assert.is(answer.headers.tidemark, "v=1");
      assert.is(await textOf(answer), `/a?b=1 for ${target.host}`);
      const { requests, up, down } = proxy.counts;
      assert.is(requests, 1);
      assert.ok(up > 60 && down > 100, `${up} up, ${down} down`);
    },
  ));

test("the proxy rejects other names (DNS rebinding), and everything but reads", () =>
  proxied(
    (_req, res) => res.end("reached"),
    async (proxy) => {
      assert.is((await get(proxy.url, { Host: "evil.example" })).statusCode, 403);
      assert.is((await get(proxy.url, { Host: "localhost:1" })).statusCode, 200);
      for (const method of ["POST", "DELETE", "PUT"])
        assert.is((await get(proxy.url, {}, method)).statusCode, 405, method);
    },
  ));

test("held back, an answer arrives when it is complete, or when it is no longer held back", () =>
  proxied(
    (_req, res) => res.write("first"), // never ends
    async (proxy) => {
      proxy.settings = { ...INITIAL, hold: true };
      const arrived = get(proxy.url);
      const nothing = new Promise((resolve) => setTimeout(resolve, SILENCE_MS, "nothing"));
      assert.is(await Promise.race([arrived, nothing]), "nothing");
      proxy.settings = INITIAL;
      assert.is(String((await once(await arrived, "data"))[0]), "first");
    },
  ));

test("a cut ends open answers and refuses new connections, until it is over", () =>
  proxied(
    (_req, res) => res.write("first"),
    async (proxy) => {
      const answer = await get(proxy.url);
      proxy.settings = { ...INITIAL, cut: true };
      assert.is(await textOf(answer).catch(({ code }) => code), "ECONNRESET");
      assert.is(await get(proxy.url).catch(({ code }) => code), "ECONNRESET");
      proxy.settings = INITIAL;
      assert.is((await get(proxy.url)).statusCode, 200);
    },
  ));

test("an answer is cut after the time that was set", () =>
  proxied(
    (_req, res) => res.write("first"),
    async (proxy) => {
      proxy.settings = { ...INITIAL, cutAfterS: 0.1 };
      assert.is(await textOf(await get(proxy.url)).catch(({ code }) => code), "ECONNRESET");
    },
  ));

test("only the playground's own page changes settings", async () => {
  let settings = INITIAL;
  const change = (text: string) => {
    settings = changed(settings, text);
    return settings;
  };
  const front = createFront(new Map(), { start: async () => ({}), wire: () => ({}), change });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const { port } = front.address() as AddressInfo;
  const own = `http://127.0.0.1:${port}`;
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${own}/settings`, { method: "POST", headers, body }).then(({ status }) => status);
  try {
    assert.is(await post({ Origin: own }, '{"rate":7}'), 200);
    assert.is(settings.rate, 7);
    assert.is(await post({ Origin: "http://evil.example" }, '{"rate":8}'), 403);
    assert.is(await post({}, '{"rate":8}'), 403);
    for (const body of [
      "",
      "[",
      "7",
      '{"rate":-1}',
      '{"rate":1e9}',
      '{"hold":1}',
      '{"__proto__":1}',
      '{"x":1}',
    ])
      assert.is(await post({ Origin: own }, body), 400, body);
    assert.is(await post({ Origin: own }, " ".repeat(2_000)), 400);
    assert.is(settings.rate, 7);
    assert.is((await get(`${own}/start`, { Host: "evil.example" })).statusCode, 403);
    assert.is((await get(`${own}/../package.json`)).statusCode, 404);
  } finally {
    front.closeAllConnections();
    front.close();
  }
});

test.run();

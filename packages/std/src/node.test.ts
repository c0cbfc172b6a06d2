import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHeldServer } from "../test/held-server.ts";
import { HOUR_MS, pass } from "../test/undici-clock.ts";
import * as node from "./node.ts";
import * as web from "./web.ts";

const NAMES = [
  "AbortController",
  "AbortSignal",
  "EventSource",
  "Headers",
  "ReadableStream",
  "Request",
  "Response",
  "TextDecoderStream",
  "fetch",
];

function ownEventSource(): typeof globalThis.EventSource {
  if (node.EventSource === undefined) throw new Error("Node's entry has no EventSource");
  return node.EventSource;
}

test("both entries have these names and one type", () => {
  const sameTypes: [typeof web, typeof node] = [node, web];
  for (const entry of sameTypes) assert.equal(Object.keys(entry).sort(), NAMES);
});

test("forty streams, a held poll and a publish work at the same time", async () => {
  const server = await openHeldServer();
  const streams = Array.from({ length: 40 }, async () => {
    const asked = node.fetch(`${server.url}/stream`);
    const { response } = await server.next("/stream");
    response.write("data: 1\n\n");
    const answer = await asked;
    assert.is((await answer.body?.getReader().read())?.value?.length, 9);
    return response;
  });
  const open = await Promise.all(streams);
  const poll = node.fetch(`${server.url}/poll`);
  const { response } = await server.next("/poll");
  const published = node.fetch(`${server.url}/publish`, { method: "POST", body: "{}" });
  (await server.next("/publish")).response.end("{}");
  assert.is((await published).status, 200);
  response.end("[]");
  assert.is((await poll).status, 200);
  assert.ok(open.every((stream) => stream.writable));
  server.close();
});

test("fetch and EventSource survive an hour of silence", async () => {
  const server = await openHeldServer();
  const EventSource = ownEventSource();
  const asked = node.fetch(`${server.url}/fetch`);
  const source = new EventSource(`${server.url}/source`);
  const streams = [await server.next("/fetch"), await server.next("/source")];
  for (const { response } of streams)
    response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n");
  const reader = (await asked).body?.getReader();
  await reader?.read();
  if (source.readyState !== EventSource.OPEN) await once(source, "open");
  const message = once(source, "message");
  const more = reader?.read();
  pass(HOUR_MS);
  for (const { response } of streams) response.write("data: 1\n\n");
  assert.is((await more)?.value?.length, 9);
  assert.is((await message)[0].data, "1");
  source.close();
  server.close();
});

test("an aborted request ends at the server too", async () => {
  const server = await openHeldServer();
  const aborter = new node.AbortController();
  const asked = node.fetch(server.url, { signal: aborter.signal });
  const { response } = await server.next("/");
  response.write("data: 1\n\n");
  const reader = (await asked).body?.getReader();
  await reader?.read();
  const closed = once(response, "close");
  aborter.abort();
  await closed;
  const error = await Promise.resolve(reader?.read()).catch((reason: unknown) => reason);
  assert.is(error instanceof Error && error.name, "AbortError");
  server.close();
});

test("fetch accepts the Request, Headers and Response of its own entry", async () => {
  const server = await openHeldServer();
  const headers = new node.Headers({ "idempotency-key": '"k"' });
  const asked = node.fetch(new node.Request(server.url, { method: "POST", headers, body: "{}" }));
  const { request, response } = await server.next("/");
  assert.is(request.headers["idempotency-key"], '"k"');
  response.end("{}");
  const answer = await asked;
  assert.instance(answer, node.Response);
  assert.instance(answer.headers, node.Headers);
  server.close();
});

test("EventSource resumes after the end of a stream", async () => {
  const server = await openHeldServer();
  const EventSource = ownEventSource();
  const source = new EventSource(server.url);
  const received: string[] = [];
  source.onmessage = ({ data, lastEventId }) => received.push(`${lastEventId} ${data}`);
  const answer = async (text: string) => {
    const { request, response } = await server.next("/");
    response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
    return request.headers["last-event-id"];
  };
  assert.is(await answer("retry: 1\nid: e.1\ndata: 1\n\n"), undefined);
  assert.is(await answer("id: e.2\ndata: 2\n\n"), "e.1");
  assert.is((await server.next("/")).request.headers["last-event-id"], "e.2");
  source.close();
  assert.equal(received, ["e.1 1", "e.2 2"]);
  assert.is(source.readyState, EventSource.CLOSED);
  server.close();
});

/** Bundle this package under the conditions of a platform. */
async function bundle(...conditions: string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export * from "@tidemark/std"',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    format: "esm",
    platform: "neutral",
    conditions: ["source", ...conditions],
    external: ["undici"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

test("only Node's bundle contains undici", async () => {
  assert.match(await bundle("node"), /from "undici"/);
  for (const platform of ["browser", "deno", "bun", "workerd"])
    assert.not.match(await bundle(platform, "node"), /undici/);
  assert.not.match(await bundle(), /undici/);
});

test("the default entry is the platform's own, looked up at each call", async () => {
  assert.is(web.Response, globalThis.Response);
  assert.is(web.EventSource, globalThis.EventSource);
  const own = globalThis.fetch;
  const answer = new Response("x");
  globalThis.fetch = async () => answer;
  try {
    assert.is(await web.fetch("http://127.0.0.1/"), answer);
  } finally {
    globalThis.fetch = own;
  }
});

test.run();

// Behind middleware that wraps the response, every answer is the same as without it.
import { type RequestListener, ServerResponse } from "node:http";
import { MemoryLog } from "@tidemark/log";
import { tidemark } from "@tidemark/server";
import type { ServerMiddleware } from "@tidemark/server-core";
import compression from "compression";
import compression17 from "compression-1.7";
import express4 from "express-4";
import express5 from "express-5";
import session from "express-session";
import Fastify from "fastify";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving } from "./serving.ts";

type Behind = (channels: ServerMiddleware) => RequestListener | Promise<RequestListener>;

function inExpress(express: Express, ...handlers: NodeHandler[]): Behind {
  return (channels) => {
    const app = express();
    for (const handler of handlers) app.use(handler);
    app.use((req, res, next) => channels.handle(req, res) || next());
    return app as unknown as RequestListener; // Express answers what no handler does
  };
}

function wrapped(wrap: (res: ServerResponse) => void): Behind {
  return (channels) => (req, res) => {
    wrap(res);
    if (!channels.handle(req, res)) res.writeHead(404).end();
  };
}

const sessions = (): NodeHandler =>
  session({ secret: "s", resave: true, saveUninitialized: true, cookie: { maxAge: 60_000 } });

/** No threshold, so that our small pages are compressed too. */
const every = { threshold: 0 };

/** Reads header fields only as an object, as Next.js and others do. */
function readsObjects(res: ServerResponse): void {
  const { writeHead } = res;
  res.writeHead = ((status: number, ...rest: unknown[]) => {
    const fields = rest.find((one) => typeof one === "object") ?? {};
    for (const [name, value] of Object.entries(fields as object)) res.setHeader(name, value);
    return writeHead.call(res, status);
  }) as typeof res.writeHead;
}

class ReadsObjects extends ServerResponse {
  override writeHead(status: number, ...rest: unknown[]): this {
    const fields = rest.find((one) => typeof one === "object") ?? {};
    for (const [name, value] of Object.entries(fields as object)) this.setHeader(name, value);
    return super.writeHead(status);
  }
}

/** Sets a header field when the response ends. */
function keepsBody(res: ServerResponse): void {
  const end = res.end.bind(res) as (chunk?: unknown) => ServerResponse;
  res.end = ((chunk?: string | Buffer) => {
    if (!res.headersSent) res.setHeader("X-Length", Buffer.byteLength(chunk ?? ""));
    return end(chunk);
  }) as typeof res.end;
}

const WAYS: Readonly<Record<string, Behind>> = {
  "express 4": inExpress(express4),
  "express 5": inExpress(express5),
  "compression 1.7 in express 4": inExpress(express4, compression17(every)),
  "compression 1.7 in express 5": inExpress(express5, compression17(every)),
  "compression 1.8 in express 4": inExpress(express4, compression(every)),
  "compression 1.8 in express 5": inExpress(express5, compression(every)),
  "two compressions and sessions": inExpress(express4, compression17(every), sessions(), compression(every)),
  "sessions in express 5": inExpress(express5, sessions()),
  "a wrapper that reads fields as an object": wrapped(readsObjects),
  "a wrapper that keeps the body": wrapped(keepsBody),
  "a class of responses": wrapped((res) => void Object.setPrototypeOf(res, ReadsObjects.prototype)),
  "fastify, with its request's body": async (channels) => {
    const app = Fastify();
    app.all("/channels/:channel", (request, reply) => {
      reply.hijack();
      Object.assign(request.raw, { body: request.body });
      channels.handle(request.raw, reply.raw);
    });
    await app.ready();
    return app.routing;
  },
};

const JSON_BODY = { method: "POST", headers: { "Content-Type": "application/json" } };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly fields: Record<string, string | null>;
}

const FIELDS = ["content-type", "cache-control", "tidemark", "access-control-allow-origin", "etag", "allow"];

async function ask(origin: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${origin}/channels/${path}`, init);
  const fields = Object.fromEntries(FIELDS.map((name) => [name, response.headers.get(name)]));
  return { status: response.status, text: await response.text(), fields };
}

/** Send one request of each kind; returns the answers. */
async function askAll(origin: string): Promise<unknown[]> {
  const body = JSON.stringify({ messages: [{ data: "x".repeat(3_000) }, { data: 2 }] });
  const published = await ask(origin, "a", { ...JSON_BODY, body });
  const poll = await ask(origin, "a");
  const { cursor } = JSON.parse(poll.text) as { cursor: string };
  const again = await ask(origin, `a?after=${cursor}`);
  const tag = { headers: { "If-None-Match": again.fields.etag ?? "" } };
  const rest = [
    await ask(origin, "a", { method: "HEAD" }),
    await ask(origin, "a", { method: "OPTIONS" }),
    await ask(origin, `a?after=${cursor}`, tag),
    await ask(origin, "a?limit=x"),
    await ask(origin, "a", { ...JSON_BODY, body: '{"close":true}' }),
    await ask(origin, `a?wait=1&after=${cursor}`),
    await ask(origin, "a?stream=1"),
  ];
  const all = [published, poll, again, ...rest];
  // Cursors and times differ between two logs.
  return JSON.parse(
    JSON.stringify(all)
      .replaceAll(CURSOR, "C")
      .replaceAll(/retry: \d+/g, "retry"),
  );
}

const CURSOR = /[\w-]{8,}\.\d+\.[\w-]+/g;

async function answersOf(behind: Behind): Promise<unknown[]> {
  const channels = tidemark(new MemoryLog());
  let answers: unknown[] = [];
  await serving(await behind(channels), async (origin) => {
    answers = await askAll(origin);
  });
  return answers;
}

const plain = answersOf((channels) => (req, res) => void channels.handle(req, res));

for (const [what, behind] of Object.entries(WAYS))
  test(`${what}: all answers are the same`, async () => {
    const expected = await plain;
    const seen = await answersOf(behind);
    for (const [index, answer] of expected.entries()) assert.equal(seen[index], answer);
  });

/** Replaces Cache-Control, so that streams are compressed although they forbid it. */
const transforms: NodeHandler = (_, res, next) => {
  const { setHeader } = res;
  res.setHeader = ((name: string, value: string) =>
    setHeader.call(res, name, name === "Cache-Control" ? "no-store" : value)) as typeof res.setHeader;
  next();
};

for (const [version, compress] of Object.entries({ "1.7": compression17, "1.8": compression }))
  test(`compression ${version}: each message of a compressed stream arrives at once`, async () => {
    const log = new MemoryLog();
    const channels = tidemark(log);
    const behind = inExpress(express4, compress(every), transforms);
    await serving(await behind(channels), async (origin) => {
      const response = await fetch(`${origin}/channels/a?stream=1`);
      assert.is(response.headers.get("content-encoding"), "gzip");
      assert.ok(response.body);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let n = 1; n <= 20; n += 1) {
        await log.append("a", [{ json: `"message ${n}"` }]);
        while (!text.includes(`"message ${n}"`)) text += (await reader.read()).value ?? "";
      }
      await reader.cancel();
    });
  });

test("a slow reader of a compressed stream gets everything, without a warning about too many listeners", async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error): unknown => warnings.push(warning);
  process.on("warning", listen);
  const log = new MemoryLog();
  const text = Array.from({ length: 4_000 }, () => Math.random().toString(36)).join("");
  for (let n = 0; n < 100; n += 1) await log.append("a", [{ json: JSON.stringify(text) }]);
  await log.append("a", [], { close: true });
  const behind = inExpress(express4, compression17(every), transforms);
  await serving(await behind(tidemark(log)), async (origin) => {
    const response = await fetch(`${origin}/channels/a?stream=1`);
    assert.is((await response.text()).match(/^data: "/gm)?.length, 100);
  });
  process.off("warning", listen);
  assert.equal(warnings, []);
});

test("header fields that other code has set are kept, and Vary is merged", async () => {
  const behind = wrapped((res) => {
    res.setHeader("Vary", "Origin, accept");
    res.setHeader("X-Mine", "1");
    res.setHeader("Connection", "close");
  });
  await serving(await behind(tidemark(new MemoryLog())), async (origin) => {
    const { headers } = await fetch(`${origin}/channels/a`);
    assert.is(headers.get("vary"), "Origin, accept");
    assert.is(headers.get("x-mine"), "1");
    assert.is(headers.get("connection"), "close");
  });
});

test.run();

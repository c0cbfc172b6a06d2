// Behind any body parser, a publish either works or is answered 500 at once and reports the reason. It never hangs.
// peers/frameworks has the parsers of frameworks.
import type { IncomingMessage, RequestListener } from "node:http";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import Koa from "koa";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EXACT, LOSSY, publish } from "./publish.ts";

/** Puts the middleware behind other code. */
type Behind = (channels: ServerMiddleware) => RequestListener;

/** Run `prepare` on Node's request, and then pass the request on. */
function after(prepare: (req: IncomingMessage & Record<string, unknown>) => unknown): Behind {
  return (channels) => async (req, res) => {
    await prepare(req as IncomingMessage & Record<string, unknown>);
    if (!channels.handle(req, res)) res.writeHead(404).end();
  };
}

async function drop(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function inKoa(...middleware: Koa.Middleware[]): Behind {
  return (channels) => {
    const app = new Koa();
    app.silent = true;
    for (const one of middleware) app.use(one);
    return app.use(channels).callback();
  };
}

/** A parser that sets only Koa's `request.body`, to the parsed value. */
const koaWithValue: Koa.Middleware = async (ctx, next) => {
  (ctx.request as unknown as { body: unknown }).body = JSON.parse((await drop(ctx.req)).toString());
  await next();
};

const EXACT_WAYS: Readonly<Record<string, Behind>> = {
  "rawBody beside body": after(async (req) => {
    req.rawBody = await drop(req);
    req.body = JSON.parse(String(req.rawBody));
  }),
  "a paused request": after((req) => void req.pause()),
  "a request with an encoding": after((req) => void req.setEncoding("utf8")),
  "a listener that counts": (channels) => (req, res) => {
    req.on("data", () => undefined);
    channels.handle(req, res);
  },
};

for (const [what, behind] of Object.entries(EXACT_WAYS))
  test(`${what}: the text of data is kept exactly`, async () => {
    for (const options of [{}, { authorize: async () => void (await new Promise(setImmediate)) }])
      assert.equal(await publish(behind, options), { status: 200, stored: [EXACT], errors: [] });
  });

const PARSED_WAYS: Readonly<Record<string, Behind>> = {
  "Koa's request.body": inKoa(koaWithValue),
  "an object without a prototype": after(async (req) => {
    const value = JSON.parse((await drop(req)).toString());
    req.body = Object.assign(Object.create(null), value);
  }),
};

test("a parsed body is accepted, with one warning that numbers can lose precision", async () => {
  const warnings: unknown[] = [];
  const listen = (warning: Error & { code?: string }): unknown => warnings.push(warning.code);
  process.on("warning", listen);
  for (const [what, behind] of Object.entries(PARSED_WAYS))
    assert.equal(await publish(behind), { status: 200, stored: [LOSSY], errors: [] }, what);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listen);
  assert.equal(warnings, ["TIDEMARK_PARSED_BODY"]);
});

const LOST_WAYS: Readonly<Record<string, Behind>> = {
  "read and discarded": after(drop),
  "read, while another parser sets {}": after(async (req) => {
    await drop(req);
    req.body = {};
  }),
  "read into a class": after(async (req) => {
    req.body = new Map([[1, await drop(req)]]);
  }),
  "read into numbers that JSON does not have": after(async (req) => {
    await drop(req);
    req.body = { messages: [{ data: 1n }] };
  }),
  "read into a part of the text": after(async (req) => {
    req.body = (await drop(req)).subarray(0, 9);
  }),
  "read by a listener that keeps reading": after(async (req) => {
    req.on("data", () => undefined);
    await new Promise((resolve) => req.once("data", resolve));
  }),
  "read in Koa": inKoa(async (ctx, next) => {
    await drop(ctx.req);
    await next();
  }),
};

for (const [what, behind] of Object.entries(LOST_WAYS))
  test(`a body that was ${what}: 500 at once, and the reported error says why`, async () => {
    const { status, stored, errors } = await publish(behind);
    assert.is(status, 500);
    assert.equal(stored, []);
    if (!what.endsWith("Koa"))
      assert.match(String(errors), /^InterferenceError: Other code, a body parser for/);
  });

test.run();

// Behind any body parser, a publish either works or is answered 500 at once and reports the reason. It never hangs.
import type { IncomingMessage, RequestListener } from "node:http";
import { MemoryLog } from "@tidemark/log";
import { type TidemarkOptions, tidemark } from "@tidemark/server";
import type { ServerMiddleware } from "@tidemark/server-core";
import express4 from "express-4";
import express5 from "express-5";
import Koa from "koa";
import bodyParser from "koa-bodyparser";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving } from "./serving.ts";

/** Puts the middleware behind other code. */
type Behind = (channels: ServerMiddleware) => RequestListener;

/** A number that JavaScript cannot represent exactly. */
const EXACT = "12345678901234567890";
const BODY = `{"messages":[{"data":${EXACT}}]}`;
/** The same number after `JSON.parse`. */
const LOSSY = "12345678901234567000";

interface Seen {
  readonly status: number;
  readonly stored: readonly string[];
  readonly errors: readonly unknown[];
}

async function publish(behind: Behind, options: TidemarkOptions = {}, init: RequestInit = {}): Promise<Seen> {
  const log = new MemoryLog();
  const errors: unknown[] = [];
  const channels = tidemark(log, { onError: (error) => errors.push(error), ...options });
  let status = 0;
  await serving(behind(channels), async (origin) => {
    const headers = { "Content-Type": "application/json" };
    const given = { method: "POST", body: BODY, headers, ...init };
    const response = await fetch(`${origin}/channels/a`, given);
    await response.text();
    status = response.status;
  });
  const { messages } = await log.read("a", "start", { maxMessages: 10 });
  return { status, stored: messages.map(({ json }) => json), errors };
}

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

function inExpress(express: Express, ...handlers: NodeHandler[]): Behind {
  return (channels) => {
    const app = express();
    for (const handler of handlers) app.use(handler);
    app.use((req, res, next) => channels.handle(req, res) || next());
    return app as unknown as RequestListener; // Express answers what no handler does
  };
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
  "koa-bodyparser, which keeps the text": inKoa(bodyParser()),
  "koa-bodyparser for forms only": inKoa(bodyParser({ enableTypes: ["form"] })),
  "express 4: raw": inExpress(express4, express4.raw({ type: "*/*" })),
  "express 5: raw": inExpress(express5, express5.raw({ type: "*/*" })),
  "express 4: text": inExpress(express4, express4.text({ type: "*/*" })),
  "express 4: a form parser, which sets {}": inExpress(express4, express4.urlencoded({ extended: true })),
  "express 5: a form parser": inExpress(express5, express5.urlencoded({ extended: true })),
  "rawBody beside body": after(async (req) => {
    req.rawBody = await drop(req);
    req.body = JSON.parse(String(req.rawBody));
  }),
  "json with a verify that keeps rawBody": inExpress(
    express4,
    express4.json({
      verify: (req: Record<string, unknown>, _: unknown, bytes: Buffer) => {
        req.rawBody = bytes;
      },
    }),
  ),
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
  "express 4: json": inExpress(express4, express4.json()),
  "express 5: json": inExpress(express5, express5.json()),
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

test("the parser reports its own body limit, and our limit applies to what the parser accepts", async () => {
  const small = inExpress(express4, express4.json({ limit: 10 }));
  assert.is((await publish(small)).status, 413);
  const large = inExpress(express4, express4.json());
  const bounded = await publish(large, { publishing: { maxBodyBytes: 20 } });
  assert.equal([bounded.status, bounded.stored], [413, []]);
  // Without Content-Length.
  const chunked = { body: new Blob([BODY]).stream(), duplex: "half" } as RequestInit;
  assert.is((await publish(large, { publishing: { maxBodyBytes: 20 } }, chunked)).status, 413);
});

test("an invalid publish is rejected as it is without a parser", async () => {
  const lax = inExpress(express4, express4.json({ strict: false }));
  for (const body of ["{}", "[]", "1", "null", '"text"', '{"messages":7}'])
    assert.is((await publish(lax, {}, { body })).status, 400, body);
});

test.run();

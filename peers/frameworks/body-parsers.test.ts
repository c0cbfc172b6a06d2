// Behind the body parsers of frameworks, a publish either works or is answered at once and reports the reason.
import type { RequestListener } from "node:http";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import express4 from "express-4";
import express5 from "express-5";
import Koa from "koa";
import bodyParser from "koa-bodyparser";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BODY, EXACT, LOSSY, publish } from "../../proof/src/frameworks/publish.ts";
import { inExpress } from "./in-express.ts";

/** Puts the middleware behind other code. */
type Behind = (channels: ServerMiddleware) => RequestListener;

function inKoa(...middleware: Koa.Middleware[]): Behind {
  return (channels) => {
    const app = new Koa();
    app.silent = true;
    for (const one of middleware) app.use(one);
    return app.use(channels).callback();
  };
}

const EXACT_WAYS: Readonly<Record<string, Behind>> = {
  "koa-bodyparser, which keeps the text": inKoa(bodyParser()),
  "koa-bodyparser for forms only": inKoa(bodyParser({ enableTypes: ["form"] })),
  "express 4: raw": inExpress(express4, express4.raw({ type: "*/*" })),
  "express 5: raw": inExpress(express5, express5.raw({ type: "*/*" })),
  "express 4: text": inExpress(express4, express4.text({ type: "*/*" })),
  "express 4: a form parser, which sets {}": inExpress(express4, express4.urlencoded({ extended: true })),
  "express 5: a form parser": inExpress(express5, express5.urlencoded({ extended: true })),
  "json with a verify that keeps rawBody": inExpress(
    express4,
    express4.json({
      verify: (req: Record<string, unknown>, _: unknown, bytes: Buffer) => {
        req.rawBody = bytes;
      },
    }),
  ),
};

for (const [what, behind] of Object.entries(EXACT_WAYS))
  test(`${what}: the text of data is kept exactly`, async () => {
    for (const options of [{}, { authorize: async () => void (await new Promise(setImmediate)) }])
      assert.equal(await publish(behind, options), { status: 200, stored: [EXACT], errors: [] });
  });

const PARSED_WAYS: Readonly<Record<string, Behind>> = {
  "express 4: json": inExpress(express4, express4.json()),
  "express 5: json": inExpress(express5, express5.json()),
};

for (const [what, behind] of Object.entries(PARSED_WAYS))
  test(`${what}: the parsed body is accepted`, async () => {
    assert.equal(await publish(behind), { status: 200, stored: [LOSSY], errors: [] });
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

// Behind frameworks and middleware that wrap the response, every answer is the same as without them.
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import compression from "compression";
import compression17 from "compression-1.7";
import express4 from "express-4";
import express5 from "express-5";
import session from "express-session";
import Fastify from "fastify-4";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { assertSameAnswers, type Behind } from "../../proof/src/frameworks/same-answers.ts";
import { serving } from "../../proof/src/frameworks/serving.ts";
import { inExpress } from "./in-express.ts";

const sessions = (): NodeHandler =>
  session({ secret: "s", resave: true, saveUninitialized: true, cookie: { maxAge: 60_000 } });

/** No threshold, so that our small pages are compressed too. */
const every = { threshold: 0 };

const WAYS: Readonly<Record<string, Behind>> = {
  "express 4": inExpress(express4),
  "express 5": inExpress(express5),
  "compression 1.7 in express 4": inExpress(express4, compression17(every)),
  "compression 1.7 in express 5": inExpress(express5, compression17(every)),
  "compression 1.8 in express 4": inExpress(express4, compression(every)),
  "compression 1.8 in express 5": inExpress(express5, compression(every)),
  "two compressions and sessions": inExpress(express4, compression17(every), sessions(), compression(every)),
  "sessions in express 5": inExpress(express5, sessions()),
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

for (const [what, behind] of Object.entries(WAYS))
  test(`${what}: all answers are the same`, () => assertSameAnswers(behind));

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

test.run();

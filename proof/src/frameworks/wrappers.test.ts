// Behind code that wraps the response, every answer is the same as without it. peers/frameworks has the frameworks.
import { ServerResponse } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { assertSameAnswers, type Behind } from "./same-answers.ts";
import { serving } from "./serving.ts";

function wrapped(wrap: (res: ServerResponse) => void): Behind {
  return (channels) => (req, res) => {
    wrap(res);
    if (!channels.handle(req, res)) res.writeHead(404).end();
  };
}

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
  "a wrapper that reads fields as an object": wrapped(readsObjects),
  "a wrapper that keeps the body": wrapped(keepsBody),
  "a class of responses": wrapped((res) => void Object.setPrototypeOf(res, ReadsObjects.prototype)),
};

for (const [what, behind] of Object.entries(WAYS))
  test(`${what}: all answers are the same`, () => assertSameAnswers(behind));

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

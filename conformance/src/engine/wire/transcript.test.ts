import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, scriptedServer } from "../../testing/scripted-server.ts";
import { shorten } from "./excerpt.ts";
import { Exchange } from "./exchange.ts";
import { buildRequest } from "./request.ts";
import { createRedactor, parseExtraHeader } from "./secrets.ts";
import { type ExchangeRecord, recordExchange, transcriptLines } from "./transcript.ts";

const MEGABYTE = 1024 * 1024;
const plain = (text: string): string => text;

/** The record of a POST with the first body, answered with the second. */
async function record(body: string, answered: string, redact = plain): Promise<ExchangeRecord> {
  const server = await scriptedServer((_, socket) =>
    socket.end(answer("200 OK", ["X-Head: 1", "Connection: close"], answered)),
  );
  const request = buildRequest({ method: "POST", url: `${server.origin}/ch`, body });
  const exchange = await new Exchange(request).done(60_000);
  await server.close();
  return recordExchange(exchange, exchange.startedAt, redact);
}

test("a long body is shortened, with the number of bytes that are left out", async () => {
  const lines = transcriptLines(await record("a".repeat(8 * MEGABYTE), "b".repeat(MEGABYTE)));
  const text = lines.join("\n");
  assert.ok(text.length < 6_000, `${text.length} characters`);
  assert.match(text, /> a{2048}\n\s+> … 8386560 more bytes/);
  assert.match(text, /b{2048}\n\s+< … 1046528 more bytes/);
});

test("a short body is shown whole; the head of the answer does not count", async () => {
  const text = transcriptLines(await record("a".repeat(2048), "b".repeat(2048))).join("\n");
  assert.match(text, /X-Head: 1/);
  assert.match(text, /b{2048}/);
  assert.not.match(text, /more bytes/);
});

test("no UTF-8 character is split", async () => {
  const text = transcriptLines(await record(`x${"ä".repeat(2_000)}`, "")).join("\n");
  assert.not.match(text, /\ufffd/);
  assert.match(text, /xä{1023}\n\s+> … 1954 more bytes/);
});

test("a secret across the end of a shortened record is hidden", async () => {
  const extra = parseExtraHeader("Authorization: env:TOKEN", { TOKEN: "canary-1234567890" });
  const body = `${"a".repeat(16 * 1024 - 8)}canary-1234567890${"b".repeat(MEGABYTE)}`;
  const recorded = await record(body, body, createRedactor([extra]));
  assert.not.match(JSON.stringify(recorded), /canary/);
});

test("a text of one line is shortened", () => {
  assert.is(shorten("abc", 3), "abc");
  assert.is(shorten("abcdef", 3), "abc… 3 more characters");
});

test.run();

import type { RequestListener } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import * as assert from "uvu/assert";
import { serving } from "./serving.ts";

/** Puts the middleware behind other code. */
export type Behind = (channels: ServerMiddleware) => RequestListener | Promise<RequestListener>;

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

/** Fail unless every answer is the same as without the other code. */
export async function assertSameAnswers(behind: Behind): Promise<void> {
  const expected = await plain;
  const seen = await answersOf(behind);
  for (const [index, answer] of expected.entries()) assert.equal(seen[index], answer);
}

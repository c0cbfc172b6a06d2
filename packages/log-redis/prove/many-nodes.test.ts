import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Reader, STEPS, type Step } from "../test/readers.ts";
import { RedisServer } from "../test/redis-server.ts";
import { type ServerNode, startNode } from "../test/server-node.ts";

const MESSAGES = 90;
const WRITERS = 3;

const server = await RedisServer.start("--appendfsync", "always");
const start = (): Promise<ServerNode> => startNode("--log", server.url, "--heartbeat", "1");
const nodes = await Promise.all([start(), start(), start()]);
test.after(async () => {
  for (const node of nodes) await node.kill();
  await server.stop();
});

/** The nodes in turn, beginning with any. */
function urlOf(channel: string, turn: number): string {
  const node = nodes[turn % nodes.length];
  assert.ok(node);
  return node.url(channel);
}

function post(url: string, body: unknown, key?: string): Promise<Response> {
  const headers = { "Content-Type": "application/json", ...(key && { "Idempotency-Key": `"${key}"` }) };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Publish until it is acknowledged, at the next node each time, always with the same key. */
async function publish(channel: string, data: string, turn: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const body = { messages: [{ data }] };
    const response = await post(urlOf(channel, turn + attempt), body, data).catch(() => undefined);
    if (response?.status === 200) return;
    if (response !== undefined) assert.is(response.status, 503);
    await sleep(10);
  }
}

async function write(channel: string, name: number): Promise<void> {
  for (let count = 0; count < MESSAGES / WRITERS; count++)
    await publish(channel, `${name}/${count}`, name + count);
}

/** Read at the next node each time, by the next of these mechanisms, until everything is there. */
async function readAll(channel: string, from: string, steps: readonly Step[]): Promise<string[]> {
  const reader: Reader = { after: from, seen: [] };
  for (let turn = 0; reader.seen.length < MESSAGES; turn++) {
    const step = steps[turn % steps.length];
    // A node that is down, or goes down: the next one goes on from the cursor.
    await step?.(urlOf(channel, turn), reader).catch((error: unknown) => isNodeDown(error));
  }
  return reader.seen;
}

function isNodeDown(error: unknown): void {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  if (!/^(ECONN|UND_ERR)/.test(code ?? cause?.code ?? "")) throw error;
}

/** Publish to all nodes and read from all while `meanwhile` goes on: everybody sees the same, once each. */
async function holds(channel: string, meanwhile: () => Promise<void>): Promise<void> {
  const page = (await (await fetch(urlOf(channel, 0))).json()) as { cursor: string };
  const mechanisms = [...Object.values(STEPS).map((step) => [step]), Object.values(STEPS)];
  const reading = mechanisms.map((steps) => readAll(channel, page.cursor, steps));
  const writing = Array.from({ length: WRITERS }, (_, name) => write(channel, name));
  await meanwhile();
  await Promise.all(writing);
  const [first = [], ...others] = await Promise.all(reading);
  assert.is(new Set(first).size, MESSAGES, "all of it, once each");
  for (const seen of others) assert.equal(seen, first, "one order for all");
}

test("publish to any, read from any, in each mechanism and in all of them by turns", () =>
  holds("any", async () => undefined));

test("of many nodes' appends after the same end one is stored", async () => {
  const { cursor } = (await (await fetch(urlOf("race", 0))).json()) as { cursor: string };
  const attempts = Array.from({ length: 9 }, (_, turn) =>
    post(urlOf("race", turn), { messages: [{ data: turn }], after: cursor }),
  );
  const statuses = (await Promise.all(attempts)).map(({ status }) => status).sort();
  assert.equal(statuses, [200, ...Array(8).fill(409)]);
});

test("what one node stores, closes or removes is told to who waits at another", async () => {
  const { cursor } = (await (await fetch(urlOf("held", 0))).json()) as { cursor: string };
  const held = fetch(`${urlOf("held", 1)}?wait=30&after=${cursor}`);
  await post(urlOf("held", 0), { messages: [{ data: 1 }], close: true });
  const page = (await (await held).json()) as { cursor: string; closed: boolean };
  assert.is(page.closed, true);
  const removed = await fetch(urlOf("held", 2), { method: "DELETE" });
  assert.is(removed.status, 204);
  assert.is((await fetch(`${urlOf("held", 1)}?after=${page.cursor}`)).status, 410);
});

test("nodes are killed while another lives, and one comes back: nothing is lost, nothing doubled", () =>
  holds("killed", async () => {
    await Promise.all([0, 1].map((index) => nodes[index]?.kill()));
    nodes[0] = await start();
  }));

test.run();

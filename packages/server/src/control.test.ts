import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryHarness } from "@tidemark/log-memory/harness";
import Koa from "koa";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { controlled } from "./control.ts";

const control = suite("control interface");
let server: Server;
let origin: string;

control.before.each(async () => {
  const subject = await memoryHarness({ durable: true }).create();
  const app = new Koa().use(controlled(subject, { sse: { heartbeatS: 1 } }));
  app.silent = true; // the tests cut connections on purpose
  server = createServer(app.callback());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
control.after.each(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const channel = (): string => `${origin}/channels/a`;

async function provoke(fault: string, members: object = {}): Promise<number> {
  const body = JSON.stringify({ channel: "a", url: channel(), ...members });
  return (await fetch(`${origin}/control/${fault}`, { method: "POST", body })).status;
}

async function publish(...data: readonly unknown[]): Promise<readonly string[]> {
  const body = JSON.stringify({ messages: data.map((item) => ({ data: item })) });
  const headers = { "Content-Type": "application/json" };
  return (await (await fetch(channel(), { method: "POST", headers, body })).json()).cursors;
}

async function page(query = ""): Promise<{ status: number; data: unknown[]; retry?: number }> {
  const answer = await fetch(`${channel()}${query}`);
  const { messages = [], retry } = await answer.json();
  const data = messages.map((message: { data: unknown }) => message.data);
  return { status: answer.status, data, ...(retry === undefined ? {} : { retry }) };
}

/** The rest of a stream; undefined if it was cut. */
async function rest(answer: Response): Promise<string | undefined> {
  try {
    return await answer.text();
  } catch (error) {
    assert.match(String(error), /terminated/);
    return undefined;
  }
}

control("trim drops all messages except the newest", async () => {
  const [first] = await publish(1, 2, 3);
  assert.is(await provoke("trim", { keep: 1 }), 204);
  assert.equal((await page()).data, [3]);
  assert.is((await page(`?after=${first}`)).status, 410);
});

control("drop cuts the connections of one channel only", async () => {
  const stream = await fetch(`${channel()}?stream=1`);
  const other = await fetch(`${origin}/channels/b?stream=1`);
  assert.is(await provoke("drop", { how: "cut" }), 204);
  assert.is(await rest(stream), undefined);
  const reader = other.body?.getReader();
  for (let beat = 0; beat < 2; beat += 1) assert.not.ok((await reader?.read())?.done);
  await reader?.cancel();
});

control("drop drains: held polls get a time to retry, streams end, and the server continues", async () => {
  const [cursor] = await publish(1);
  const stream = await fetch(`${channel()}?stream=1`);
  const held = page(`?after=${cursor}&wait=30`);
  await fetch(channel()); // the requests sent before have arrived by now
  assert.is(await provoke("drop", { how: "drain" }), 204);
  assert.type((await held).retry, "number");
  assert.match(String(await rest(stream)), /event: \$open/);
  assert.equal((await page()).data, [1]);
});

control("restart cuts all connections and keeps the stored messages", async () => {
  const [first] = await publish(1, 2);
  const stream = await fetch(`${channel()}?stream=1`);
  assert.is(await provoke("restart"), 204);
  assert.is(await rest(stream), undefined);
  assert.equal((await page(`?after=${first}`)).data, [2]);
  await provoke("drop", { how: "drain" }); // the server that takes over uses the log from after the restart
  assert.equal((await page(`?after=${first}`)).data, [2]);
});

control("deny refuses streams as under overload, withdraws authorization, and restores it", async () => {
  assert.is(await provoke("deny", { denial: "overload" }), 204);
  assert.match(String(await rest(await fetch(`${channel()}?stream=1`))), /^retry: \d+\n\n$/);
  assert.is((await page()).status, 200);
  await provoke("deny", { denial: "nothing" });
  const stream = await fetch(`${channel()}?stream=1`);
  await provoke("deny", { denial: "unauthorized" });
  assert.is((await page()).status, 403);
  await rest(stream); // resolves when the stream ends
  await provoke("deny", { denial: "nothing" });
  assert.is((await page()).status, 200);
});

control("any other fault, or a GET, is a 404", async () => {
  assert.is(await provoke("explode"), 404);
  assert.is((await fetch(`${origin}/control/trim`)).status, 404);
});

control.run();

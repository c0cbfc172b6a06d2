import { once } from "node:events";
import { request } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listen } from "./listen.ts";

/** Publish once from this address, with this user name. */
async function publish(url: string, address: string, name = "", body = '{"messages":[{"data":1}]}') {
  const headers = { "Content-Type": "application/json", ...(name && { Authorization: name }) };
  const sent = request(url, { method: "POST", headers, localAddress: address, agent: false });
  sent.end(body);
  const [response] = await once(sent, "response");
  response.resume();
  return { status: response.statusCode, retryAfter: Number(response.headers["retry-after"] ?? Number.NaN) };
}

test("a client at its hourly limit of new channels gets the time to retry, and other clients are not affected", async () => {
  const log = new MemoryLog();
  await log.append("known", [{ json: "1" }]);
  const server = await listen(log, { port: 0, maxNewChannelsPerHour: 3 });
  const to = (channel: string) => server.url.replace("{channel}", channel);
  for (const channel of ["a", "b", "c"]) assert.is((await publish(to(channel), "127.0.0.1")).status, 200);
  const refused = await publish(to("d"), "127.0.0.1");
  assert.is(refused.status, 429);
  assert.ok(refused.retryAfter > 1_190 && refused.retryAfter <= 1_200, String(refused.retryAfter));
  assert.is((await publish(to("d"), "127.0.0.1", "", '{"messages":[],"close":true}')).status, 429);
  assert.equal((await log.read("d", "start", { maxMessages: 1 })).messages, []);
  for (const channel of ["a", "known"]) assert.is((await publish(to(channel), "127.0.0.1")).status, 200);
  assert.is((await publish(to("d"), "127.0.0.2")).status, 200);
  assert.is((await publish(to("d"), "127.0.0.1")).status, 200, "the channel is no longer new");
  await server.close({ windowMs: 0 });
});

test("a principal counts by its name, from any address; null sets no limit", async () => {
  const authorize = ({ headers }: { headers: { authorization?: string | undefined } }) =>
    headers.authorization;
  const bounded = await listen(new MemoryLog(), { port: 0, maxNewChannelsPerHour: 1, authorize });
  const to = (channel: string) => bounded.url.replace("{channel}", channel);
  assert.is((await publish(to("a"), "127.0.0.1", "ann")).status, 200);
  assert.is((await publish(to("b"), "127.0.0.2", "ann")).status, 429);
  assert.is((await publish(to("b"), "127.0.0.1", "bob")).status, 200);
  await bounded.close({ windowMs: 0 });
  const free = await listen(new MemoryLog(), { port: 0, maxNewChannelsPerHour: null });
  for (let i = 0; i < 20; i += 1)
    assert.is((await publish(free.url.replace("{channel}", `c${i}`), "127.0.0.1")).status, 200);
  await free.close({ windowMs: 0 });
});

test.run();

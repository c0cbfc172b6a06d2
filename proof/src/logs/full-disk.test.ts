// On a full disk, publishers get a problem and readers continue. Publishing works again once there is room.
import { publish, subscribe } from "@tidemark/client";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../packages/log/test/steps.ts";
import { smallDisk } from "../../../packages/log-lmdb/test/small-disk.ts";
import { startNode } from "../../../testing/servers/server-node.ts";

const MIB = 1_048_576;
const data = "x".repeat(20_000);

function post(url: string, number: number): Promise<Response> {
  const headers = { "content-type": "application/json", "idempotency-key": `"${number}"` };
  const body = JSON.stringify({ messages: [{ data: number }, { data }] });
  return fetch(url, { method: "POST", headers, body });
}

test("a full disk is 507 with a problem, leaves nothing half-written, and recovers when there is room", async () => {
  const disk = await smallDisk(2 * MIB);
  const node = await startNode("--log", `lmdb:${disk.path}/log?durability=disk`);
  const url = node.url("news");
  const abort = new AbortController();
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const message of subscribe(url, { signal: abort.signal })) seen.push(message.data);
  })();
  try {
    let stored = 0;
    let refused = await post(url, stored);
    for (; refused.status === 200; refused = await post(url, stored)) stored += 1;
    assert.ok(stored > 10, `only ${stored} publishes were stored`);
    assert.is(refused.status, 507);
    assert.is(refused.headers.get("content-type"), "application/problem+json");
    assert.match(refused.headers.get("retry-after") ?? "", /^\d+$/);
    assert.match(((await refused.json()) as { type: string }).type, /storage-full$/);
    assert.is((await fetch(`${url}?after=start`)).status, 200, "reads continue");
    await until("the reader has everything that was stored", () => seen.length >= 2 * stored);
    assert.is(seen.length, 2 * stored, "nothing is half-written");
    await disk.resize(16 * MIB);
    await publish(url, [{ data: stored }, { data }], { key: `${stored}`, retryDelayMs: () => 50 });
    const expected = Array.from({ length: stored + 1 }, (_, number) => [number, data]).flat();
    await until("the reader is at the end", () => seen.length >= expected.length);
    assert.equal(seen, expected);
  } finally {
    abort.abort();
    await reading;
    await node.kill();
    await disk.unmount();
  }
});

test.run();

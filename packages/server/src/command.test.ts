import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../testing/servers/event-source.ts";
import { serving, tidemark } from "../test/tidemark-command.ts";

test("serve prints its address, and applies its options", () =>
  serving(["--heartbeat", "7", "--max-wait", "9", "--max-limit", "3", "--key-ttl", "11"], async (base) => {
    const init = { method: "POST", headers: { "Content-Type": "application/json" } };
    const published = await fetch(`${base}a`, { ...init, body: '{"messages":[{"data":1}]}' });
    assert.is(
      published.headers.get("tidemark"),
      "v=1, mechanisms=(poll long-poll sse), max-wait=9, max-limit=3, heartbeat=7, key-ttl=11, publish, event",
    );
    const page = (await (await fetch(`${base}a`)).json()) as { messages: unknown[] };
    assert.is(page.messages.length, 1);
  }));

test("serve applies its options for retention and caches, and --read-only rejects publishes", () =>
  serving(["--retain-messages", "2", "--path", "/c/:channel", "--page-max-age", "0"], async (base) => {
    assert.match(base, /\/c\/$/);
    const body = JSON.stringify({ messages: [1, 2, 3, 4].map((data) => ({ data })) });
    const response = await fetch(`${base}a`, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    const { cursors } = (await response.json()) as { cursors: string[] };
    const page = (await (await fetch(`${base}a`)).json()) as { messages: unknown[] };
    assert.is(page.messages.length, 2);
    assert.is((await fetch(`${base}a?after=${cursors[0]}`)).status, 410);
    const more = await fetch(`${base}a?limit=1&after=${cursors[1]}`);
    assert.is(more.headers.get("cache-control"), "no-store");
  }).then(() =>
    serving(["--read-only", "--cors-origin", "https://a.example"], async (base) => {
      const response = await fetch(`${base}a`, { method: "POST" });
      assert.is(response.status, 405);
      assert.is(response.headers.get("vary"), "Origin");
    }),
  ));

test("above --max-channels or --max-bytes, serve answers that it is full, without Retry-After", () =>
  serving(["--max-channels", "2", "--max-bytes", "100000"], async (base) => {
    const publish = (channel: string, length: number) =>
      fetch(`${base}${channel}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ messages: [{ data: "x".repeat(length) }] }),
      });
    assert.equal([(await publish("a", 1)).status, (await publish("b", 1)).status], [200, 200]);
    for (const refused of [await publish("c", 1), await publish("a", 100_000)]) {
      assert.is(refused.status, 507);
      assert.is(refused.headers.get("retry-after"), null);
    }
    assert.is((await publish("a", 10_000)).status, 200);
  }));

for (const signal of ["SIGTERM", "SIGINT"] as const)
  test(`${signal} answers held polls, ends the streams and then the process`, () =>
    serving(["--drain", "0"], async (base, { child, ended, output }) => {
      const { cursor } = (await (await fetch(`${base}a`)).json()) as { cursor: string };
      const stream = await openStream(`${base}a`);
      assert.is((await stream.event())?.event, "$open");
      const held = fetch(`${base}a?wait=60&after=${cursor}`);
      await heldToo(base, cursor);
      child.kill(signal);
      const page = (await (await held).json()) as { messages: unknown[]; retry: number };
      assert.equal(page.messages, []);
      assert.type(page.retry, "number");
      assert.equal(await stream.rest(), []);
      assert.is(await ended, 0);
      assert.match(output.stderr, new RegExp(`^${signal}: `));
    }));

/** Resolves once requests that were sent before are held: a later request has gone through the same steps. */
async function heldToo(base: string, cursor: string): Promise<void> {
  const response = await fetch(`${base}a?wait=1&after=${cursor}`);
  assert.is(response.status, 200);
}

test("a second signal exits at once", () =>
  serving(["--drain", "3600"], async (base, { child, ended, output }) => {
    const stream = await openStream(`${base}a`);
    await stream.event();
    child.kill("SIGTERM");
    while (output.stderr === "") await once(child.stderr ?? child, "data");
    child.kill("SIGINT");
    assert.is(await ended, 130);
    assert.equal(await stream.rest(), []);
  }));

test("a port in use is reported with a fix, and the exit code is 1", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { ended, output } = tidemark("serve", "--port", String(port), "--log", "memory");
  assert.is(await ended, 1);
  assert.match(output.stderr, new RegExp(`^tidemark: 127.0.0.1:${port} is in use.*--port`));
  assert.is(output.stdout, "");
  other.close();
});

for (const args of [
  ["serve", "--port", "70000"],
  ["serve", "--heartbeat", "0"],
  ["serve", "--max-wait", "1.5"],
  ["serve", "--path", "/channels"],
  ["serve", "--log", "nonsense"],
  ["serve", "--log", "lmdb:"],
  ["serve", "--log", "redis://127.0.0.1:1", "--max-bytes", "1000000"],
  ["serve", "--log", "nats://127.0.0.1:1", "--max-channels", "10"],
  ["serve", "--log", "redis+sentinel://127.0.0.1:1"],
  ["serve", "--nonsense"],
  ["nonsense"],
])
  test(`tidemark ${args.join(" ")} is rejected with exit code 1`, async () => {
    const { ended, output } = tidemark(...args);
    assert.is(await ended, 1);
    assert.ok(output.stderr.length > 0);
    assert.not.match(output.stderr, /^\s+at /m, "no stack");
  });

test("--version prints the version of the package", async () => {
  const { ended, output } = tidemark("--version");
  assert.is(await ended, 0);
  const manifest = await readFile(new URL("../package.json", import.meta.url), "utf8");
  assert.is(output.stdout, `${JSON.parse(manifest).version}\n`);
});

test("--help lists every option", async () => {
  const { ended, output } = tidemark("serve", "--help");
  assert.is(await ended, 0);
  for (const option of [
    "--port",
    "--host",
    "--retain-age",
    "--heartbeat",
    "--max-wait",
    "--drain",
    "--key-ttl",
    "--workers",
  ])
    assert.match(output.stdout, option);
});

test.run();

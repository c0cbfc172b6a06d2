import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../testing/servers/event-source.ts";
import { until } from "../../../testing/servers/serving.ts";
import { listen } from "./listen.ts";

test("listen resolves with the URL of a channel", async () => {
  const server = await listen(new MemoryLog(), { port: 0, path: "/v1/:channel" });
  assert.is(server.url, `http://127.0.0.1:${server.port}/v1/{channel}`);
  assert.is((await fetch(server.url.replace("{channel}", "a"))).status, 200);
  await server.close({ windowMs: 0 });
});

test("listen rejects with the system's error if the port is in use", async () => {
  const first = await listen(new MemoryLog(), { port: 0 });
  try {
    await listen(new MemoryLog(), { port: first.port });
    assert.unreachable();
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, "EADDRINUSE");
  }
  await first.close({ windowMs: 0 });
});

test("close ends what is held, refuses new connections and disposes of the log, once", async () => {
  const log = new MemoryLog();
  const server = await listen(log, { port: 0 });
  const url = server.url.replace("{channel}", "a");
  const stream = await openStream(url);
  await stream.event();
  await Promise.all([server.close({ windowMs: 20 }), server.close({ windowMs: 20 })]);
  assert.equal(await stream.rest(), []);
  assert.equal(server.stats(), { streams: 0, held: 0, feeds: 0 });
  const late = await Promise.allSettled([fetch(url), log.append("a", [])]);
  assert.equal(
    late.map(({ status }) => status),
    ["rejected", "rejected"],
  );
});

test("close cuts off a reader that does not read to the end", async () => {
  const log = new MemoryLog();
  await log.append(
    "a",
    Array.from({ length: 500 }, () => ({ json: `"${"x".repeat(20_000)}"` })),
  );
  const server = await listen(log, { port: 0 });
  const stream = await openStream(server.url.replace("{channel}", "a"));
  stream.response.pause();
  await until(() => server.stats().streams === 1, "the stream");
  await server.close({ windowMs: 10 });
  assert.is(server.stats().streams, 0);
});

test("a client that disconnects is not reported as a failure", async () => {
  const errors: unknown[] = [];
  const server = await listen(new MemoryLog(), { port: 0, onError: (error) => errors.push(error) });
  const stream = await openStream(server.url.replace("{channel}", "a"));
  await stream.event();
  stream.close();
  await until(() => server.stats().streams === 0, "it is gone");
  await server.close({ windowMs: 0 });
  assert.equal(errors, []);
});

test.run();

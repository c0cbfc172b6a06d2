import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../../testing/servers/event-source.ts";
import { type At, serving, until } from "../../../../testing/servers/serving.ts";
import { type TidemarkOptions, tidemark } from "../tidemark.ts";
import { Metrics } from "./metrics.ts";

type Sample = (name: string) => Promise<number | undefined>;

/** Serve with metrics. `sample` reads one sample by its name and labels, as the text format writes them. */
async function measured(
  run: (at: At, sample: Sample, log: MemoryLog) => Promise<void>,
  options: TidemarkOptions = {},
): Promise<void> {
  const log = new MemoryLog();
  const metrics = new Metrics({ classes: ["orders=orders-*"], process: false });
  const middleware = tidemark(log, { ...options, observer: metrics });
  metrics.observe({ channels: middleware.channels, log });
  const sample: Sample = async (name) => {
    const lines = (await metrics.text()).split("\n");
    const found = lines.find((line) => line.startsWith(`tidemark_${name} `));
    return found === undefined ? undefined : Number(found.split(" ").at(-1));
  };
  await serving(middleware, (at) => run(at, sample, log));
}

async function publish(url: string, ...data: readonly unknown[]): Promise<Response> {
  const body = JSON.stringify({ messages: data.map((data) => ({ data })) });
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  await response.text();
  return response;
}

async function untilIs(sample: Sample, name: string, value: number): Promise<void> {
  let seen = await sample(name);
  let asking = false;
  await until(() => {
    if (!asking) {
      asking = true;
      void sample(name).then((now) => {
        seen = now;
        asking = false;
      });
    }
    return seen === value;
  }, `${name} is ${value}`);
}

test("messages and bytes are counted when they are appended, and by each mechanism that delivers them", () =>
  measured(async ({ url }, sample) => {
    const stream = await openStream(url("orders-1"));
    await stream.event();
    await publish(url("orders-1"), "é", 2);
    await publish(url("news"), 3);
    assert.is((await stream.message())?.data, '"é"');
    assert.is((await stream.message())?.data, "2");
    await (await fetch(url("orders-1"))).text();
    await (await fetch(url("orders-1", "limit=1&wait=9"))).text();
    assert.is(await sample('appended_messages_total{class="orders"}'), 2);
    assert.is(await sample('appended_bytes_total{class="orders"}'), 5, "é is two bytes");
    assert.is(await sample('appended_messages_total{class="other"}'), 1);
    assert.is(await sample('delivered_messages_total{mechanism="sse"}'), 2);
    assert.is(await sample('delivered_messages_total{mechanism="poll"}'), 2);
    assert.is(await sample('delivered_messages_total{mechanism="long-poll"}'), 1);
    assert.is(await sample('requests_total{mechanism="publish",status="200"}'), 2);
    assert.is(await sample('requests_total{mechanism="sse",status="200"}'), 1);
    assert.is(await sample("streams"), 1);
    assert.ok((await sample('delivered_bytes_total{mechanism="poll"}')) ?? 0 > 50);
    stream.close();
    await untilIs(sample, 'stream_ends_total{reason="client"}', 1);
    assert.is(await sample("streams"), 0);
  }));

test("polls that are answered from memory are counted like all others", () =>
  measured(async ({ url }, sample) => {
    await publish(url("a"), 1);
    const { cursor } = (await (await fetch(url("a"))).json()) as { cursor: string };
    const first = await fetch(url("a", `after=${cursor}`));
    const etag = first.headers.get("etag") ?? "";
    await first.text();
    for (let i = 0; i < 3; i += 1)
      await fetch(url("a", `after=${cursor}`), { headers: { "If-None-Match": etag } });
    assert.is(await sample('requests_total{mechanism="poll",status="200"}'), 2);
    assert.is(await sample('requests_total{mechanism="poll",status="304"}'), 3);
  }));

test("refusals are counted by the code of the problem", () =>
  measured(async ({ url }, sample) => {
    assert.is((await fetch(url("a", "limit=x"))).status, 400);
    const { cursor } = (await (await fetch(url("b"))).json()) as { cursor: string };
    assert.is((await fetch(url("a", `after=${cursor}`))).status, 410);
    assert.is((await fetch(url("a"), { method: "POST" })).status, 415);
    assert.is(await sample('refusals_total{mechanism="",reason="invalid-parameter"}'), 1);
    assert.is(await sample('refusals_total{mechanism="poll",reason="gap"}'), 1);
    assert.is(await sample('refusals_total{mechanism="",reason="unsupported-type"}'), 1);
    assert.is(
      await sample('log_errors_total{operation="read",code="unavailable"}'),
      undefined,
      "a gap is no error",
    );
  }));

test("the delay from append to write is measured, whichever is reported first", () =>
  measured(async ({ url }, sample, log) => {
    const stream = await openStream(url("a"));
    await stream.event();
    await publish(url("a"), 1);
    await stream.event();
    await untilIs(sample, "delivery_delay_seconds_count", 1);
    await log.append("a", [{ json: "2" }]); // by another process, as far as the server knows
    await stream.event();
    await untilIs(sample, "wake_delay_seconds_count", 2);
    assert.is(await sample("delivery_delay_seconds_count"), 1);
    assert.ok(((await sample("delivery_delay_seconds_sum")) ?? 1) > 0);
    stream.close();
  }));

test("a stream whose client reads nothing is behind, with its class, its messages and its age", () =>
  measured(async ({ url }, sample, log) => {
    const { hostname, port, pathname } = new URL(url("orders-1"));
    const socket = connect(Number(port), hostname).pause();
    socket.write(`GET ${pathname}?stream=1 HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    await untilIs(sample, "streams", 1);
    const text = "x".repeat(256 * 1_024);
    let appended = 0;
    while ((await sample('backlog_messages{class="orders"}')) === 0) {
      await log.append("orders-1", [{ json: JSON.stringify(text) }]);
      await turn(); // the feed reads in a turn of its own
      appended += 1;
      assert.ok(appended < 500, "the connection takes everything");
    }
    assert.is(await sample('readers_behind{class="orders"}'), 1);
    assert.is(await sample('readers_behind{class="other"}'), 0);
    assert.ok(((await sample('backlog_age_seconds{class="orders"}')) ?? 0) > 0);
    socket.resume();
    await untilIs(sample, 'readers_behind{class="orders"}', 0);
    assert.is(await sample('backlog_messages{class="orders"}'), 0);
    assert.is(await sample('delivered_messages_total{mechanism="sse"}'), appended);
    socket.destroy();
    await once(socket, "close");
  }));

test("each end of a stream has its reason", () =>
  measured(
    async ({ url }, sample, log) => {
      const ends: readonly (readonly [string, string, () => Promise<unknown>])[] = [
        ["closed", "a", () => log.append("a", [], { close: true })],
        ["gap", "b", () => log.remove("b")],
      ];
      for (const [reason, channel, end] of ends) {
        await log.append(channel, [{ json: "1" }]);
        const stream = await openStream(url(channel));
        await stream.event();
        await end();
        await stream.rest();
        await untilIs(sample, `stream_ends_total{reason="${reason}"}`, 1);
      }
      const slow = connect(Number(new URL(url("c")).port), "127.0.0.1").pause();
      const slowClosed = once(slow, "close");
      slow.on("error", () => undefined); // a reset, since the server cuts it
      slow.write("GET /channels/c?stream=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await untilIs(sample, "streams", 1);
      const draft = { json: JSON.stringify("x".repeat(1_048_576)) };
      while ((await sample('stream_ends_total{reason="slow"}')) === 0) {
        await log.append("c", [draft]);
        await turn();
      }
      slow.resume();
      await slowClosed;
    },
    { drainTimeoutMs: 200 },
  ));

test("a refused, a displaced and a drained stream are told apart", async () => {
  let isAllowed = true;
  const authorize = () => {
    if (!isAllowed) throw new ProtocolError("forbidden", "not any more");
    return "ann";
  };
  await measured(
    async ({ url }, sample) => {
      const first = await openStream(url("a"));
      await first.event();
      const second = await openStream(url("a"));
      await second.event();
      await untilIs(sample, 'stream_ends_total{reason="displaced"}', 1);
      isAllowed = false;
      await untilIs(sample, 'stream_ends_total{reason="refused"}', 1);
      first.close();
      second.close();
      assert.is((await fetch(url("a"))).status, 403);
      assert.is(await sample('refusals_total{mechanism="",reason="forbidden"}'), 1);
    },
    { authorize, maxConnectionsPerPrincipal: 1, sse: { heartbeatS: 1 } },
  );
});

test("a failing log is counted by operation and code", async () => {
  const log = new MemoryLog();
  const metrics = new Metrics({ process: false });
  const middleware = tidemark(log, { observer: metrics });
  await serving(middleware, async ({ url }) => {
    await log.dispose();
    assert.is((await publish(url("a"), 1)).status, 503);
  });
  assert.match(await metrics.text(), /log_errors_total\{operation="(?:read|append)",code="unavailable"\} 1/);
});

test("a class without a name or with an empty pattern is rejected", () => {
  for (const text of ["orders-*", "=a", "a=", "a b=c"])
    assert.throws(() => new Metrics({ classes: [text] }), /is not a/);
});

test.run();

import { get, type IncomingMessage } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { openStream } from "../../../testing/servers/event-source.ts";
import { type At, serving, until } from "../../../testing/servers/serving.ts";
import { type SseOptions, sse } from "./sse.ts";

interface Bench extends At {
  readonly log: MemoryLog;
  readonly cursors: readonly string[];
  drain(windowMs: number): Promise<void>;
}

async function served(
  options: SseOptions,
  run: (bench: Bench) => Promise<void>,
  retained: number | null = null,
): Promise<void> {
  const log = new MemoryLog({ retention: { maxMessages: retained } });
  const { cursors } = await log.append("a", numbers(5));
  const middleware = sse(log, options);
  const drain = (windowMs: number): Promise<void> => middleware.drain({ windowMs });
  await serving(middleware, (at) => run({ ...at, log, cursors, drain }));
}

const LAST_EVENT_ID = (id: string): Record<string, string> => ({
  Accept: "text/event-stream",
  "Last-Event-ID": id,
});

test("a stream begins with its header fields and $open, even if the channel is empty", () =>
  served({}, async ({ url }) => {
    const stream = await openStream(url("empty"));
    assert.is(stream.status, 200);
    assert.is(stream.headers["content-type"], "text/event-stream");
    assert.is(stream.headers["cache-control"], "no-store, no-transform");
    assert.is(stream.headers["x-accel-buffering"], "no");
    assert.is(stream.headers["x-content-type-options"], "nosniff");
    assert.is(stream.headers.vary, "Accept");
    const retry = await stream.item();
    assert.ok(retry?.type === "retry" && retry.retryMs >= 2_000 && retry.retryMs <= 3_000);
    const open = await stream.event();
    assert.is(open?.event, "$open");
    assert.equal(JSON.parse(open?.data ?? ""), { heartbeat: 15 });
    assert.match(open?.id ?? "", /^[A-Za-z0-9._~-]+$/);
  }));

test("each message is one block that ends with its id, and the text of its data is kept", () =>
  served({}, async ({ url, log }) => {
    await log.append("t", [{ json: "100000000000000000000" }, { event: "x", json: '"\\u0000\\r\\n"' }]);
    const { cursors } = await log.append("t", [{ json: '{"a":"é"}' }], { close: true });
    const response = await fetch(url("t"), { headers: { Accept: "text/event-stream" } });
    const blocks = (await response.text()).trimEnd().split("\n\n");
    assert.is(blocks.length, 5);
    for (const block of blocks) assert.match(block, /\nid: [^\n]+$/);
    assert.match(blocks[1] ?? "", /^data: 100000000000000000000\nid: /);
    assert.match(blocks[2] ?? "", /^event: x\ndata: "\\u0000\\r\\n"\nid: /);
    assert.is(blocks[3], `data: {"a":"é"}\nid: ${cursors[0]}`);
    assert.is(blocks[4], `event: $closed\ndata: {}\nid: ${cursors[0]}`);
  }));

test("a message that is published while the stream is open arrives at once", () =>
  served({}, async ({ url, log, cursors }) => {
    const stream = await openStream(url("a", `after=${cursors[3]}`));
    assert.is((await stream.event())?.id, cursors[3]);
    assert.is((await stream.message())?.data, "4");
    for (let n = 5; n < 10; n++) {
      const { cursor } = await log.append("a", numbers(1, n));
      assert.equal(await stream.event(), { event: "message", data: String(n), id: cursor });
    }
  }));

test("messages that arrive together leave in one chunk", () =>
  served({}, async ({ url, log }) => {
    const chunks: string[] = [];
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url("a", "after=end&stream=1"), { agent: false }, resolve).on("error", reject);
    });
    response
      .on("data", (chunk: Buffer) => chunks.push(chunk.toString()))
      .on("error", () => response.destroy());
    await until(() => chunks.length === 1, "$open");
    for (let n = 0; n < 50; n++) await log.append("a", numbers(1, n));
    await until(() => chunks.length > 1, "the messages");
    assert.is(chunks[1]?.match(/^data: /gm)?.length, 50);
  }));

test("Last-Event-ID takes precedence over after, unless it is empty", () =>
  served({}, async ({ url, cursors }) => {
    const begin = async (query: string, id: string): Promise<string | undefined> => {
      const stream = await openStream(url("a", query), LAST_EVENT_ID(id));
      return (await stream.event())?.id;
    };
    assert.is(await begin(`after=${cursors[0]}`, cursors[2] ?? ""), cursors[2]);
    assert.is(await begin(`after=${cursors[0]}`, ""), cursors[0]);
  }));

test("a gap is a 410, or with gap= it is in $open, whose id is after the gap", () =>
  served({}, async ({ url, cursors }) => {
    for (const [query, headers] of [
      ["after=A", LAST_EVENT_ID("")],
      ["", LAST_EVENT_ID("A")],
      ["", LAST_EVENT_ID("start")],
      ["", LAST_EVENT_ID("end")],
      ["", LAST_EVENT_ID("a b")],
      ["", LAST_EVENT_ID("9".repeat(1_025))],
    ] as const) {
      const refused = await fetch(url("a", query), { headers });
      assert.is(refused.status, 410);
      const problem = (await refused.json()) as { reason: string; requested: string; end: string };
      assert.is(problem.reason, "unknown");
      assert.is(problem.requested, headers["Last-Event-ID"] || "A");
      assert.is(problem.end, cursors[4]);
      const stream = await openStream(url("a", `${query}&gap=end`), headers);
      const open = await stream.event();
      assert.is(open?.id, cursors[4]);
      assert.is(JSON.parse(open?.data ?? "").gap.requested, problem.requested);
    }
    const malformed = await fetch(url("a", "after=latest"), { headers: LAST_EVENT_ID(cursors[0] ?? "") });
    assert.is(malformed.status, 400);
  }));

test("gap=start begins at the oldest retained message", () =>
  served(
    {},
    async ({ url, cursors }) => {
      const stream = await openStream(url("a", `after=${cursors[0]}&gap=start`));
      const open = await stream.event();
      assert.is(open?.id, cursors[2]);
      assert.is(JSON.parse(open?.data ?? "").gap.reason, "retention");
      assert.is((await stream.message())?.data, "3");
    },
    2,
  ));

test("the end of a closed channel ends the stream", () =>
  served({}, async ({ url, log, cursors }) => {
    const stream = await openStream(url("a", `after=${cursors[4]}`));
    await stream.event();
    const { cursor } = await log.append("a", numbers(1, 5), { close: true });
    const events = await stream.rest();
    assert.equal(
      events.map(({ event, id }) => [event, id]),
      [
        ["message", cursor],
        ["$closed", cursor],
      ],
    );
    const again = await openStream(url("a", `after=${cursor}`));
    assert.equal(
      (await again.rest()).map(({ event }) => event),
      ["$open", "$closed"],
    );
  }));

test("only a Last-Event-ID at the end of a closed channel gets a 204", () =>
  served({}, async ({ url, log, cursors }) => {
    const status = async (query: string, id: string): Promise<number> => {
      const stream = await openStream(url("a", query), LAST_EVENT_ID(id));
      stream.close();
      return stream.status;
    };
    const end = cursors[4] ?? "";
    assert.is(await status("", end), 200, "open");
    await log.append("a", [], { close: true });
    assert.is(await status("", end), 204);
    assert.is(await status("", cursors[3] ?? ""), 200);
    assert.is(await status(`after=${end}`, ""), 200);
    assert.is(await status("gap=end", "A"), 200, "after a gap the end has to be sent");
    const stopped = await fetch(url("a"), { headers: LAST_EVENT_ID(end) });
    assert.is(stopped.headers.get("cache-control"), "no-store");
    assert.is(stopped.headers.get("vary"), "Accept");
  }));

const TICK_MS = 10;

test("a stream is never silent for longer than it announced", () =>
  served({ heartbeatS: 1 }, async ({ url, log }) => {
    const stream = await openStream(url("a", "after=end"));
    const open = await stream.event();
    // Time is counted in ticks of this process, so that delays of a busy machine do not count.
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), TICK_MS);
    for (let n = 0; n < 3; n++) {
      ticks = 0;
      const beat = await stream.event();
      assert.equal(beat, { event: "$heartbeat", data: "{}", id: open?.id ?? "" });
      assert.ok(ticks * TICK_MS < 1_000, `${ticks * TICK_MS} ms`);
    }
    clearInterval(timer);
    const { cursor } = await log.append("a", numbers(1));
    assert.is((await stream.event())?.id, cursor);
    assert.is((await stream.event())?.id, cursor, "the heartbeat has the current cursor");
  }));

test("a filtered stream's heartbeat has the cursor after the messages that the filter dropped", () =>
  served({ heartbeatS: 1, eventFilter: true }, async ({ url, log }) => {
    const stream = await openStream(url("a", "event=x"));
    await stream.event();
    const { cursor } = await log.append("a", numbers(2));
    const beat = await stream.event();
    assert.equal([beat?.event, beat?.id], ["$heartbeat", cursor]);
    await log.append("a", [{ json: "1" }, { event: "x", json: "2" }]);
    assert.is((await stream.message())?.data, "2");
  }));

test("removal ends the streams of a channel without a last event", () =>
  served({}, async ({ url, log }) => {
    const stream = await openStream(url("a", "after=end"));
    await stream.event();
    await log.remove("a");
    assert.equal(await stream.rest(), []);
  }));

test("a stream with gap= ends at a removal too", () =>
  served({}, async ({ url, log }) => {
    const stream = await openStream(url("a", "after=end&gap=end"));
    await stream.event();
    await log.remove("a");
    assert.equal(await stream.rest(), []);
  }));

test("a stream ends when its authorization is withdrawn", () => {
  let allowed = true;
  const authorize = (): undefined => {
    if (!allowed) throw new ProtocolError("unauthorized", "Not any more");
  };
  return served({ heartbeatS: 1, authorize }, async ({ url }) => {
    const stream = await openStream(url("a", "after=end"));
    await stream.event();
    allowed = false;
    // On a busy machine, a heartbeat may have been sent while the stream was still allowed.
    const rest = await stream.rest();
    assert.equal(
      rest.filter(({ event }) => event !== "$heartbeat"),
      [],
    );
  });
});

test("a stream ends after maxAgeS", () =>
  served({ heartbeatS: 1, maxAgeS: 1 }, async ({ url }) => {
    const stream = await openStream(url("a", "after=end"));
    const events = await stream.rest();
    assert.ok(events.every(({ event }) => event.startsWith("$")));
  }));

test("above the limit a stream is refused softly, after all other checks", () =>
  served({ maxConnections: 0, retryMs: 100_000 }, async ({ url, log, cursors }) => {
    const response = await fetch(url("a"), { headers: { Accept: "text/event-stream" } });
    assert.is(response.status, 200);
    assert.is(response.headers.get("content-type"), "text/event-stream");
    assert.is(await response.text(), "retry: 60000\n\n");
    assert.is((await fetch(url("a", "after=A"), { headers: LAST_EVENT_ID("") })).status, 410);
    await log.append("a", [], { close: true });
    assert.is((await fetch(url("a"), { headers: LAST_EVENT_ID(cursors[4] ?? "") })).status, 204);
  }));

test("draining ends streams after their pending bytes, and refuses new ones softly", () =>
  served({}, async ({ url, log, drain }) => {
    const streams = await Promise.all([1, 2, 3].map(() => openStream(url("a", "after=end"))));
    for (const stream of streams) await stream.event();
    await log.append("a", numbers(1, 9));
    const drained = drain(20);
    for (const stream of streams)
      assert.equal(
        (await stream.rest()).map(({ data }) => data),
        ["9"],
      );
    await drained;
    const refused = await fetch(url("a"), { headers: { Accept: "text/event-stream" } });
    assert.match(await refused.text(), /^retry: \d+\n\n$/);
  }));

test("a server with only streams has no JSON, and answers HEAD as a stream", () =>
  served({}, async ({ url }) => {
    assert.is((await fetch(url("a"))).status, 406);
    const head = await fetch(url("a"), { method: "HEAD" });
    assert.is(head.status, 200);
    assert.is(head.headers.get("content-type"), "text/event-stream");
  }));

for (const heartbeatS of [0, 1.5, 301])
  test(`a heartbeat of ${heartbeatS} is rejected`, () => {
    assert.throws(() => sse(new MemoryLog(), { heartbeatS }), RangeError);
  });

test.run();

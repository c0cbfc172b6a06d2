import { test } from "uvu";
import * as assert from "uvu/assert";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  block,
  closing,
  foreign,
  hang,
  opening,
  problem,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { type ErrorEvent, EventSource, type EventSourceOptions } from "./event-source.ts";
import { memoryStore } from "./index.ts";

/** The next event of a type. */
function once<E extends Event>(source: EventTarget, type: string): Promise<E> {
  return new Promise((resolve) =>
    source.addEventListener(type, (event) => resolve(event as E), { once: true }),
  );
}

const TYPES = ["open", "message", "price", "$closed", "error"];

/** The events of a source until it is closed: type, data, id, and the source's state at that time. */
async function follow(
  scripts: readonly Answering[],
  options: EventSourceOptions = {},
): Promise<{ events: unknown[][]; after: (string | undefined)[]; source: EventSource }> {
  const origin = await scriptedOrigin(...scripts);
  const source = new EventSource(origin.url, { delay: noClock().delay, retryDelayMs: () => 1, ...options });
  const events: unknown[][] = [];
  const closed = new Promise<void>((resolve) => {
    for (const type of TYPES)
      source.addEventListener(type, (event) => {
        const { data, lastEventId } = event;
        events.push([type, ...(data === undefined ? [] : [data, lastEventId]), source.readyState]);
        if (source.readyState === EventSource.CLOSED) resolve();
      });
  });
  assert.is(source.readyState, EventSource.CONNECTING);
  await closed;
  await origin.close();
  return { events, after: origin.asked.map(({ query }) => query.after), source };
}

test("dispatches the same events as the platform's, and reconnects where the platform's gives up", async () => {
  const named = 'event: price\ndata: {"n": 1.50}\nid: P2\n\n';
  const { events, after } = await follow([
    stream(opening("P0") + block("P1") + named),
    foreign(502),
    problem(503, "unavailable"),
    stream(opening("P2") + block("P3")),
    stream(opening("P3") + closing("P3")),
  ]);
  assert.equal(events, [
    ["open", 1],
    ["message", '"P1"', "P1", 1],
    ["price", '{"n": 1.50}', "P2", 1], // as it arrived: no number is rounded, no space is lost
    ["error", 0],
    ["error", 0],
    ["error", 0],
    ["open", 1],
    ["message", '"P3"', "P3", 1],
    ["error", 0],
    ["open", 1],
    ["$closed", "{}", "P3", 1],
    ["error", 2],
  ]);
  assert.equal(after, ["start", "P2", "P2", "P2", "P3"]);
});

test("the handlers are listeners, and messages have their origin", async () => {
  const origin = await scriptedOrigin(stream(opening("P0") + block("P1") + closing("P1")));
  const source = new EventSource(new URL(origin.url), { headers: { authorization: "Bearer 1" } });
  const seen: unknown[] = [];
  source.onopen = ({ type }) => seen.push(type);
  source.onmessage = function (event) {
    seen.push(this === source, event instanceof MessageEvent, event.origin);
  };
  await new Promise<void>((resolve) => {
    source.onerror = ({ error }) => resolve(void seen.push(error));
  });
  assert.equal(seen, ["open", true, true, new URL(origin.url).origin, undefined]);
  assert.is(origin.asked[0]?.headers.authorization, "Bearer 1");
  assert.is(source.url, origin.url);
  await origin.close();
});

test("closes when the server refuses permanently, and at a gap that onGap does not resolve", async () => {
  const gap = { reason: "epoch", requested: "P9", start: "S0", end: "E0" };
  for (const [script, name] of [
    [problem(403, "forbidden"), "AnswerError"],
    [problem(410, "gap", gap), "GapError"],
  ] as const) {
    const errors: (Error | undefined)[] = [];
    const origin = await scriptedOrigin(script);
    const source = new EventSource(origin.url, { after: "P9" });
    const event = await once<ErrorEvent>(source, "error");
    errors.push(event.error);
    assert.is(source.readyState, EventSource.CLOSED);
    assert.is(event.error?.name, name);
    await origin.close();
  }
  const told: unknown[] = [];
  const onGap = (heard: unknown) => {
    told.push(heard);
    return "start" as const;
  };
  const done = stream(opening("S0") + closing("S0"));
  const { events } = await follow([problem(410, "gap", gap), done], { after: "P9", onGap });
  assert.equal(told, [gap]);
  assert.is(events.at(-1)?.[0], "error");
});

test("close stops the stream at once, without an event", async () => {
  const origin = await scriptedOrigin(stream(opening("P0") + block("P1") + block("P2"), hang));
  const source = new EventSource(origin.url);
  const seen: string[] = [];
  source.onerror = ({ type }) => seen.push(type);
  source.onmessage = ({ lastEventId }) => {
    seen.push(lastEventId);
    source.close();
  };
  await once(source, "message");
  await origin.asked[0]?.gone;
  assert.is(source.readyState, EventSource.CLOSED);
  assert.equal(seen, ["P1"]);
  await origin.close();
});

test("a server without room fires error, and never open", async () => {
  const refusal = stream("retry: 1\n\n");
  const { events } = await follow([refusal, refusal, stream(opening("P0") + closing("P0"))]);
  assert.equal(events, [
    ["error", 0],
    ["error", 0],
    ["open", 1],
    ["$closed", "{}", "P0", 1],
    ["error", 2],
  ]);
});

test("a message is committed when its listeners have returned", async () => {
  const store = memoryStore();
  const at: unknown[] = [];
  const origin = await scriptedOrigin(stream(opening("P0") + block("P1") + block("P2") + closing("P2")));
  const source = new EventSource(origin.url, { store });
  source.onmessage = () => at.push(store.load());
  await once(source, "error");
  assert.equal([at, store.load()], [[undefined, "P1"], "P2"]);
  await origin.close();
});

test("cookies are sent to other origins only if the application says so", async () => {
  for (const [withCredentials, expected] of [
    [false, undefined],
    [true, "include"],
  ] as const) {
    const asked: unknown[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      asked.push(init?.credentials);
      return new Response(null, { status: 204, headers: { tidemark: "v=1" } });
    };
    const source = new EventSource("http://127.0.0.1:1/", { withCredentials, fetch });
    await once(source, "error");
    assert.equal(asked, [expected]);
    assert.is(source.withCredentials, withCredentials);
  }
});

test.run();

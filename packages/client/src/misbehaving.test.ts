// Stores, callbacks and servers that misbehave: the client stops at once, does not spin, and says what is wrong.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { manualClock } from "../../../testing/clients/manual-clock.ts";
import {
  type Answering,
  block,
  closing,
  hang,
  json,
  opening,
  page,
  problem,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { type CursorStore, publish, type SubscribeOptions, subscribe } from "./index.ts";

const never = new Promise<never>(() => {});
const done = page(["P1"], { closed: true });

/** The error of a subscription, and what it delivered. */
async function read(url: string, options: SubscribeOptions): Promise<{ seen: string[]; error: unknown }> {
  const seen: string[] = [];
  try {
    for await (const { cursor } of subscribe(url, options)) seen.push(cursor);
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: undefined };
}

for (const when of ["while it saves", "before it saves"])
  for (const how of ["abort", "return", "forEach"] as const)
    test(`a store whose save never settles does not hold back ${how} ${when}`, async () => {
      const origin = await scriptedOrigin(page(["P1", "P2"]), hang);
      const stop = new AbortController();
      let end: () => unknown = () => stop.abort();
      const store: CursorStore = {
        load: () => undefined,
        save() {
          if (when === "while it saves") setImmediate(end);
          return never;
        },
      };
      const subscription = subscribe(origin.url, { mechanism: "polling", store, signal: stop.signal });
      if (how === "return") end = () => subscription.return();
      const stopEarly = (): void => {
        if (when === "before it saves") void end();
      };
      if (how === "forEach") await subscription.forEach(stopEarly);
      else for await (const _ of subscription) stopEarly();
      assert.is(subscription.state.phase, "ended");
      await origin.close();
    });

test("a store that returns null has saved nothing; any other nonsense is a TypeError", async () => {
  const origin = await scriptedOrigin(done);
  const load = (saved: unknown) => ({ load: () => saved as string, save() {} });
  assert.equal((await read(origin.url, { store: load(null), mechanism: "polling" })).seen, ["P1"]);
  for (const saved of [0, 42, ["P1"], {}, true, "", "no cursor", { length: 1 }]) {
    const { error } = await read(origin.url, { store: load(saved), mechanism: "polling" });
    assert.match(String(error), "TypeError: invalid cursor in the store");
  }
  assert.is(origin.asked.length, 1);
  await origin.close();
});

test("an onGap that returns nonsense throws the gap", async () => {
  const gap = { reason: "epoch", requested: "P9", start: "S0", end: "E0" };
  const told = problem(410, "gap", gap);
  const inBand = page(["S1"], { gap: gap as never });
  for (const script of [told, inBand])
    for (const choice of [undefined, null, "", "begin", 1, {}, true]) {
      const origin = await scriptedOrigin(script, done);
      const onGap = () => choice as never;
      const { error } = await read(origin.url, { after: "P9", mechanism: "polling", onGap });
      assert.match(String(error), "GapError");
      assert.is(origin.asked.length, 1);
      await origin.close();
    }
});

test("a retryDelayMs that returns no number counts as the default", async () => {
  for (const value of [Number.NaN, undefined, "soon", -1, null]) {
    const waits: number[] = [];
    const stop = new AbortController();
    const origin = await scriptedOrigin((response) => void response.destroy());
    const options: SubscribeOptions = {
      mechanism: "polling",
      signal: stop.signal,
      retryDelayMs: () => value as number,
      onRetry: ({ waitMs }) => {
        waits.push(waitMs);
        if (waits.length === 4) stop.abort();
      },
      delay: async () => {},
    };
    await read(origin.url, { ...options, delay: manualDelay });
    assert.ok(
      waits.every((ms) => ms >= 0),
      `${value}: ${waits}`,
    );
    await origin.close();
  }
});

/** Only watchdogs wait. */
const manualDelay: NonNullable<SubscribeOptions["delay"]> = async (_, signal, purpose) => {
  if (purpose === "watchdog") await new Promise((resolve) => signal.addEventListener("abort", resolve));
};

test("a time limit without end, or longer than a platform timer, does not end at once", async () => {
  for (const connectTimeoutMs of [Number.POSITIVE_INFINITY, 2 ** 31, Number.MAX_SAFE_INTEGER])
    for (const mechanism of ["sse", "long-polling", "polling"] as const) {
      const answer: Answering = async (response, asked) => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await (asked.query.stream ? stream(opening("P0") + block("P1") + closing("P1")) : done)(
          response,
          asked,
        );
      };
      const origin = await scriptedOrigin(answer);
      const failures: string[] = [];
      const onRetry = ({ error }: { error: Error }) => void failures.push(error.message);
      assert.equal((await read(origin.url, { mechanism, connectTimeoutMs, onRetry })).seen, ["P1"]);
      assert.equal(failures, []);
      await origin.close();
    }
});

const circle: Answering = (response, { query }) => {
  const next: Record<string, string> = { start: "P1", P1: "P2", P2: "P3", P3: "P4", P4: "P2" };
  const cursor = next[query.after ?? "start"] ?? "P1";
  return page([cursor], { more: true })(response, { query } as never);
};
const emptyCircle: Answering = (response, { query }) =>
  json({ messages: [], cursor: query.after === "P1" ? "P2" : "P1", more: true })(response, {} as never);
const gaps: Answering = (response, { query: { after: requested = "P1" } }) =>
  json({
    messages: [],
    cursor: requested === "P1" ? "P2" : "P1",
    more: false,
    retry: 0,
    gap: { reason: "epoch", requested, start: "P1", end: "P2" },
  })(response, {} as never);
const oneGap: Answering = (response, { query: { after: requested = "P1" } }) =>
  page(["P1"], { retry: 0, gap: { reason: "epoch", requested, start: "P0", end: "P1" } })(
    response,
    {} as never,
  );
const twice = page(["P1", "P1"], { more: true });

for (const [name, script, most] of [
  ["pages that go in a circle", circle, 20],
  ["empty pages that go in a circle", emptyCircle, 20],
  ["a gap in every page", gaps, 10],
  ["the same message after the same gap", oneGap, 10],
  ["a page that repeats a message", twice, 10],
] as const)
  test(`${name} cause no spinning`, async () => {
    const origin = await scriptedOrigin(script);
    const clock = manualClock("retry", "poll");
    const stop = new AbortController();
    const failures: string[] = [];
    const seen: string[] = [];
    const delay: typeof clock.delay = (ms, signal, purpose) => {
      const waited = clock.delay(ms, signal, purpose);
      if (clock.ms >= 2_000) stop.abort();
      return waited;
    };
    const onRetry = ({ error }: { error: Error }) => void failures.push(error.message);
    const options: SubscribeOptions = { delay, signal: stop.signal, onRetry, onGap: () => "start" };
    try {
      for await (const { cursor } of subscribe(origin.url, { mechanism: "polling", ...options })) {
        seen.push(cursor);
        if (origin.asked.length > 100) stop.abort();
      }
    } finally {
      clock.restore();
      await origin.close();
    }
    assert.ok(origin.asked.length <= most && seen.length <= most, `${origin.asked.length} ${seen}`);
    if (!name.includes("gap")) assert.match(failures[0] ?? "", "[misplaced]");
  });

test("an event stream's content type may be repeated, or have parameters", async () => {
  for (const type of [
    "text/event-stream, text/event-stream",
    "text/html, text/event-stream;charset=utf-8",
    "TEXT/Event-Stream ; charset=UTF-8; x=y",
  ]) {
    const origin = await scriptedOrigin((response) => {
      response.writeHead(200, { tidemark: "v=1", "content-type": type });
      response.end(opening("P0") + block("P1") + closing("P1"));
    });
    const { seen } = await read(origin.url, { mechanism: "sse", onRetry: () => assert.unreachable(type) });
    assert.equal(seen, ["P1"]);
    await origin.close();
  }
});

for (const status of [301, 302, 303])
  test(`a publish that a redirect ${status} turns into a read is reported after three tries`, async () => {
    const origin = await scriptedOrigin((response, asked) => {
      if (asked.method === "GET") return page(["P1"])(response, asked);
      response.writeHead(status, { location: "/channels/b" });
      response.end();
    });
    let error: unknown;
    await publish(origin.url, { data: 1 }, { retryDelayMs: () => 1 }).catch((thrown: unknown) => {
      error = thrown;
    });
    assert.match(String(error), "[foreign] a redirect turned the publish into a read");
    assert.is(origin.asked.filter(({ method }) => method === "POST").length, 3);
    await origin.close();
  });

test("an unknown mechanism throws at once", () => {
  for (const mechanism of ["websocket", "", "SSE", 1])
    assert.throws(
      () => subscribe("http://localhost/", { mechanism: mechanism as never }),
      /unknown mechanism/,
    );
});

test.run();

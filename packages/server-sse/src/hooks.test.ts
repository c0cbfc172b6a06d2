import { MemoryLog } from "@tidemark/log-memory";
import { type ProblemCode, ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { type OpenedStream, openStream } from "../../../testing/servers/event-source.ts";
import { type At, serving, until } from "../../../testing/servers/serving.ts";
import { type SseOptions, sse } from "./sse.ts";

/** The number of streams, of one principal in two sessions. */
const STREAMS = 40;

interface Bench extends At {
  readonly log: MemoryLog;
  readonly reported: unknown[];
  streams(): number;
  /** Open a stream of a session, and read its first block. */
  open(session?: string): Promise<OpenedStream>;
}

async function served(options: SseOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new MemoryLog();
  const reported: unknown[] = [];
  const middleware = sse(log, { heartbeatS: 1, onError: (error) => reported.push(error), ...options });
  await serving(middleware, async (at) => {
    const open = async (session = "s"): Promise<OpenedStream> => {
      const stream = await openStream(at.url("a", "stream=1&after=end"), { "X-Session": session });
      assert.is((await stream.event())?.event, "$open");
      return stream;
    };
    await run({ ...at, log, reported, open, streams: () => middleware.stats().streams });
  });
}

/** A hook that answers, fails or hangs as the test says, and counts its calls. */
class Hook {
  calls = 0;
  open = 0;
  mostOpen = 0;
  behave: (session: string) => unknown = () => undefined;

  readonly authorize = async ({ headers }: { readonly headers: { readonly [name: string]: unknown } }) => {
    this.calls += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    try {
      await this.behave(String(headers["x-session"]));
      return "anna";
    } finally {
      this.open -= 1;
    }
  };
}

function fail(error: unknown): () => never {
  return () => {
    throw error;
  };
}

/** What a hook can throw that is not a refusal. */
const FAILURES: readonly (readonly [title: string, error: unknown])[] = [
  ["an error", new Error("the database is down")],
  ["429", new ProtocolError("too-many-requests", "Later")],
  ["503", new ProtocolError("unavailable", "Later")],
  ["nothing", undefined],
  ["an error with the status 503", Object.assign(new Error("http"), { status: 503 })],
];

for (const [title, error] of FAILURES)
  test(`streams stay open while authorize throws ${title}: it is reported once, and called again`, async () => {
    const hook = new Hook();
    await served({ authorize: hook.authorize }, async ({ open, log, reported, streams }) => {
      const opened = await Promise.all(Array.from({ length: STREAMS }, (_, n) => open(`s${n % 2}`)));
      hook.behave = fail(error);
      const before = hook.calls;
      await until(() => hook.calls >= before + 4, "the hook is called twice for both sessions");
      assert.is(streams(), STREAMS);
      assert.is(reported.length, 1);
      const [told] = reported;
      assert.ok(told === error || (told instanceof Error && told.cause === error), "the hook's own error");
      hook.behave = () => undefined;
      const after = hook.calls;
      await until(() => hook.calls >= after + 2, "the hook is called again for both sessions");
      await log.append("a", numbers(1));
      for (const stream of opened) assert.is((await stream.message())?.data, "0");
      assert.is(streams(), STREAMS);
    });
  });

/** What a hook can throw to refuse. */
const REFUSALS: readonly unknown[] = [
  ...(["unauthorized", "forbidden", "no-such-channel"] as const satisfies ProblemCode[]).map(
    (code) => new ProtocolError(code, "No"),
  ),
  ...[401, 403, 404].map((status) => Object.assign(new Error("http"), { status })),
];

for (const refusal of REFUSALS)
  test(`a refusal ends the streams of its session and no others: ${refusal}, ${(refusal as { status: number }).status}`, async () => {
    const hook = new Hook();
    await served({ authorize: hook.authorize }, async ({ open, streams, url, reported }) => {
      const [one, other] = [await open("one"), await open("other")];
      hook.behave = (session) => session === "one" && fail(refusal)();
      assert.ok((await one.rest()).every(({ event }) => event === "$heartbeat"));
      assert.is((await other.event())?.event, "$heartbeat");
      assert.is(streams(), 1);
      assert.equal(reported, []);
      const again = await fetch(url("a"), { headers: { Accept: "text/event-stream", "X-Session": "one" } });
      assert.is(again.status, (refusal as { status: number }).status);
    });
  });

test("streams end when their channel is no longer declared, but not when the lookup fails", async () => {
  let channels: () => boolean = () => true;
  let asked = 0;
  const ask = (): boolean => {
    asked += 1;
    return channels();
  };
  await served({ channels: ask }, async ({ open, streams, reported }) => {
    const stream = await open();
    channels = fail(new Error("the database is down"));
    const before = asked;
    await until(() => asked >= before + 2, "the hook is called again");
    assert.equal([streams(), reported.length], [1, 1]);
    channels = () => false;
    await stream.rest();
    assert.is(streams(), 0);
  });
});

test("heartbeats do not wait for a hook that hangs, and equal streams share one call of it", async () => {
  const hook = new Hook();
  await served({ authorize: hook.authorize }, async ({ open, streams }) => {
    const opened = await Promise.all(Array.from({ length: STREAMS }, () => open()));
    let release = (): void => undefined;
    const hung = new Promise<void>((resolve) => {
      release = resolve;
    });
    hook.behave = () => hung;
    [hook.calls, hook.mostOpen] = [0, 0];
    await until(() => hook.open === 1, "the hook is called");
    for (let beat = 0; beat < 3; beat += 1)
      for (const stream of opened) assert.is((await stream.event())?.event, "$heartbeat");
    assert.equal([hook.calls, hook.mostOpen, streams()], [1, 1, STREAMS]);
    release();
    await until(() => hook.calls > 1, "the hook is called again");
    assert.is(hook.mostOpen, 1);
  });
});

test("streams end when the hooks fail for longer than hookGraceMs", async () => {
  const hook = new Hook();
  await served({ authorize: hook.authorize, hookGraceMs: 1_000 }, async ({ open, reported }) => {
    const stream = await open();
    hook.behave = fail(new Error("the database is down"));
    const started = performance.now();
    const events = await stream.rest();
    assert.ok(performance.now() - started >= 1_000, "not before hookGraceMs");
    assert.ok(events.every(({ event }) => event === "$heartbeat"));
    assert.is(reported.length, 1);
  });
});

test("an invalid hookGraceMs is rejected", () => {
  for (const hookGraceMs of [-1, Number.NaN])
    assert.throws(() => sse(new MemoryLog(), { hookGraceMs }), RangeError);
});

test.run();

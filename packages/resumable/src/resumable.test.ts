import { setImmediate as turn } from "node:timers/promises";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../testing/servers/serving.ts";
import { readEvents } from "../test/events.ts";
import { get, Hand, post, readBody, runOf, sent, Watched, withRuns } from "../test/runs.ts";
import { resumable } from "./index.ts";

test("the producer is called once, and continues when its reader has left", () =>
  withRuns({}, async ({ runs }) => {
    const hand = new Hand();
    let calls = 0;
    const response = await runs.start(post(), () => {
      calls += 1;
      return hand.response;
    });
    assert.is(response.headers.get("location"), `/chat/${runOf(response)}`);
    const first = new Watched(response);
    hand.send("data: 1\n\n");
    await first.sees("data: 1\n");
    await first.leave();
    hand.send("data: 2\n\ndata: 3\n\n");
    hand.end();
    await until(() => runs.stats().producing === 0, "the run ends without a reader");
    const { bytes } = await readBody(await runs.resume(get(runOf(response))));
    assert.equal(
      readEvents(bytes).events.map(({ data }) => data),
      ["1", "2", "3"],
    );
    assert.equal([calls, hand.cancelled], [1, undefined]);
  }));

test("a second reader and a reloaded page get the same, and then what comes, in each order", () =>
  withRuns({}, async ({ runs }) => {
    const hand = new Hand();
    const response = await runs.start(post(), () => hand.response);
    const id = runOf(response);
    const first = new Watched(response);
    hand.send("data: 1\n\ndata: 2\n\n");
    await first.sees("data: 2\n");
    const last = /id: (\S+)\n\ndata: 2/.exec(first.text)?.[1] ?? "";
    const readers = [
      first,
      new Watched(await runs.resume(get(id))),
      new Watched(await runs.resume(get(id, "", { "Last-Event-ID": last }))),
      new Watched(await runs.resume(get(id, `?after=${last}`))),
    ];
    hand.send("data: 3\n\n");
    hand.end();
    for (const reader of readers) assert.is(await reader.isOver(), "ended");
    const all = readers.map(({ text }) =>
      readEvents(Buffer.from(text)).events.map(({ data }) => Number(data)),
    );
    assert.equal(all, [
      [1, 2, 3],
      [1, 2, 3],
      [2, 3],
      [2, 3],
    ]);
  }));

for (const [how, body, isLast] of [
  ["whole", "data: 1\n\n", ""],
  ["without its last blank line", "data: 1\n\ndata: half", "data: half"],
] as const)
  test(`a stream that ends ${how} ends in the same way`, () =>
    withRuns({}, async ({ runs }) => {
      const { bytes, cut } = await readBody(await runs.start(post(), () => sent(body)));
      assert.is(cut, false);
      assert.ok(bytes.toString().endsWith(isLast));
      assert.is(readEvents(bytes).events.length, 1);
    }));

test("an upstream that is cut cuts its readers, and a later one gets the same, then 502", () =>
  withRuns({ brokenBlock: ({ how }) => `data: broken by ${how}\n\n` }, async ({ runs, errors }) => {
    const hand = new Hand();
    const response = await runs.start(post(), () => hand.response);
    const reader = new Watched(response);
    hand.send("data: 1\n\ndata: lost");
    await reader.sees("data: 1\n");
    hand.fail();
    assert.is(await reader.isOver(), "cut");
    assert.match(reader.text, /data: broken by error\n\n$/);
    const again = await readBody(await runs.resume(get(runOf(response))));
    assert.equal([again.bytes.toString(), again.cut], [reader.text, true]);
    const last = readEvents(again.bytes).id;
    const end = await runs.resume(get(runOf(response), "", { "Last-Event-ID": last }));
    assert.is(end.status, 502);
    assert.is(((await end.json()) as { how: string }).how, "error");
    assert.is(errors.length, 1, "the upstream's error is reported");
  }));

test("a producer that throws makes no run, and an answer that is no stream is passed on", () =>
  withRuns({}, async ({ runs, log }) => {
    let seen = "";
    const failure = new Error("no model");
    const start = runs.start(post(), ({ run }) => {
      seen = run;
      throw failure;
    });
    assert.is(await start.catch((error: unknown) => error), failure);
    assert.is((await runs.resume(get(seen))).status, 404);
    for (const answer of [
      new Response('{"error":"quota"}', { status: 429, headers: { "Content-Type": "application/json" } }),
      new Response("{}", { headers: { "Content-Type": "application/json" } }),
      new Response("data: 1\n\n", { status: 500, headers: { "Content-Type": "text/event-stream" } }),
    ]) {
      const expected = [answer.status, await answer.clone().text()];
      const got = await runs.start(post("{}", { "Idempotency-Key": "k" }), ({ run }) => {
        seen = run;
        return answer;
      });
      assert.equal([got.status, await got.text()], expected);
      await until(() => runs.stats().producing === 0, "no run");
      assert.is((await log.read(`resumable.run.${seen}`, "end", { maxMessages: 1 })).closed, false);
    }
  }));

test("cancel ends the run for its upstream and its readers, as a function and as a DELETE", () =>
  withRuns({}, async ({ runs }) => {
    for (const cancel of [
      (id: string) => runs.cancel(id),
      (id: string) => runs.cancel(new Request(`http://localhost/chat/${id}`, { method: "DELETE" })),
    ]) {
      const hand = new Hand();
      let signal: AbortSignal | undefined;
      const response = await runs.start(post(), (start) => {
        signal = start.signal;
        return hand.response;
      });
      const reader = new Watched(response);
      hand.send("data: 1\n\n");
      await reader.sees("data: 1\n");
      const done = await cancel(runOf(response));
      assert.ok(done === true || (done as Response).status === 204);
      assert.is(await reader.isOver(), "cut");
      await until(
        () => hand.cancelled !== undefined && signal?.aborted === true,
        "the upstream is cancelled",
      );
      assert.is(await runs.cancel(runOf(response)), false, "it is over");
    }
    assert.is(await runs.cancel("x".repeat(24)), false, "no such run");
  }));

test("two starts with one key by one principal are one run; another principal or body is not", () =>
  withRuns({ authorize: ({ request }) => request.headers.get("x-user") ?? undefined }, async ({ runs }) => {
    let calls = 0;
    const produce = () => {
      calls += 1;
      return sent(`data: ${calls}\n\n`);
    };
    const start = (user: string, body: string) =>
      runs.start(post(body, { "Idempotency-Key": "k", "X-User": user }), produce);
    const both = await Promise.all([start("ann", "{}"), start("ann", "{}")]);
    const texts = await Promise.all(
      both.map(async (response) => (await readBody(response)).bytes.toString()),
    );
    assert.is(texts[0], texts[1]);
    assert.is(calls, 1);
    assert.is((await readBody(await start("ann", "{}"))).bytes.toString(), texts[0], "later, too");
    assert.is((await start("ann", '{"other":1}')).status, 422);
    await readBody(await start("bob", "{}"));
    assert.is(calls, 2);
    for (const key of ["", "é", "k".repeat(256)])
      assert.is((await runs.start(post("{}", { "Idempotency-Key": key }), produce)).status, 400);
  }));

test("only the principal that started a run may resume and cancel it, and authorize is asked each time", () => {
  const asked: string[] = [];
  const authorize = ({ request, action }: { request: Request; action: string }) => {
    asked.push(action);
    const user = request.headers.get("x-user");
    if (user === null) throw Object.assign(new Error("who?"), { status: 401 });
    return user;
  };
  // A heartbeat asks about an open stream again, so none may come here.
  return withRuns({ authorize, heartbeatS: 300 }, async ({ runs }) => {
    const response = await runs.start(post("{}", { "X-User": "ann" }), () => sent("data: 1\n\n"));
    await readBody(response);
    const id = runOf(response);
    const as = async (user: string): Promise<number> =>
      (await runs.resume(get(id, "", { "X-User": user }))).status;
    assert.equal([await as("ann"), await as("bob")], [200, 404]);
    assert.is((await runs.resume(get(id))).status, 401);
    const cancel = new Request(`http://localhost/chat/${id}`, {
      method: "DELETE",
      headers: { "X-User": "bob" },
    });
    assert.is((await runs.cancel(cancel)).status, 404);
    assert.equal(asked, ["start", "resume", "resume", "resume", "cancel"]);
  });
});

test("a stream that the server ends before the run ends is cut, so that it does not look complete", () => {
  let isAllowed = true;
  const options = {
    maxConnectionsPerPrincipal: 1,
    authorize: () => {
      if (!isAllowed) throw Object.assign(new Error("no longer"), { status: 403 });
      return "ann";
    },
  };
  const log = new MemoryLog();
  const other = resumable(log, { heartbeatS: 1, ...options });
  return withRuns(
    options,
    async ({ runs }) => {
      const hand = new Hand();
      const started = await runs.start(post(), () => hand.response);
      const [id, displaced] = [runOf(started), new Watched(started)];
      hand.send("data: 1\n\n");
      await displaced.sees("data: 1\n");
      const refused = new Watched(await runs.resume(get(id)));
      assert.is(await displaced.isOver(), "cut", "displaced by a newer connection");
      await refused.sees("data: 1\n");
      const drained = new Watched(await other.resume(get(id)));
      await drained.sees("data: 1\n");
      await other.dispose();
      assert.is(await drained.isOver(), "cut", "its node was stopped");
      isAllowed = false;
      assert.is(await refused.isOver(), "cut", "its authorization was withdrawn");
      isAllowed = true;
      await runs.cancel(id);
    },
    log,
  );
});

test("a run is cut when it exceeds maxBytes or maxAgeMs, or has had no reader for abandonMs", async () => {
  for (const [options, how] of [
    [{ maxBytes: 50 }, "limit"],
    [{ maxAgeMs: 50 }, "limit"],
    [{ abandonMs: 50 }, "abandoned"],
  ] as const)
    await withRuns(options, async ({ runs, log }) => {
      const hand = new Hand();
      const response = await runs.start(post(), () => hand.response);
      hand.send("data: 1\n\n");
      if ("maxBytes" in options) hand.send(`data: ${"x".repeat(50)}\n\n`);
      if (how === "abandoned") await new Watched(response).leave();
      await until(() => runs.stats().producing === 0, "the run ends");
      assert.ok(hand.cancelled, "the upstream is cancelled");
      const { messages } = await log.read(`resumable.run.${runOf(response)}`, "start", { maxMessages: 10 });
      assert.is(JSON.parse(messages.at(-1)?.json ?? "").how, how);
    });
});

test("an ended run is removed after retainMs, and its key with it", () =>
  withRuns({ retainMs: 10 }, async ({ runs }) => {
    let calls = 0;
    const start = () =>
      runs.start(post("{}", { "Idempotency-Key": "k" }), () => {
        calls += 1;
        return sent("data: 1\n\n");
      });
    const first = await start();
    const id = runOf(first);
    await readBody(first);
    const isGone = async (): Promise<boolean> => {
      const response = await runs.resume(get(id));
      await readBody(response);
      return response.status === 404;
    };
    while (!(await isGone())) await turn();
    while (calls === 1) await readBody(await start()).then(() => turn());
  }));

test("ids that no run has get 404, and invalid options a RangeError", async () => {
  await withRuns({}, async ({ runs }) => {
    for (const id of ["x", "x".repeat(24), "..", "%00"]) assert.is((await runs.resume(get(id))).status, 404);
  });
  for (const options of [
    { heartbeatS: 0 },
    { maxBytes: -1 },
    { retainMs: 2 ** 31 },
    { abandonMs: Number.NaN },
  ])
    assert.throws(() => resumable(new MemoryLog(), options), RangeError);
});

test("invalid UTF-8 arrives byte for byte", () =>
  withRuns({}, async ({ runs }) => {
    const body = Buffer.concat([
      Buffer.from("data: "),
      Buffer.of(0xff, 0xc3),
      Buffer.from("\n\ndata: ok\n\n"),
    ]);
    const { bytes } = await readBody(await runs.start(post(), () => sent(body)));
    assert.ok(bytes.includes(Buffer.of(0xff, 0xc3, 0x0a)));
    assert.is(readEvents(bytes).events.length, 2);
  }));

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { rejection } from "../../../testing/clients/collect.ts";
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  cut,
  foreign,
  hang,
  json,
  type Origin,
  problem,
  scriptedOrigin,
} from "../../../testing/servers/scripted-origin.ts";
import { AnswerError, ConnectionError, type PublishOptions, publish } from "./index.ts";

const published = { cursors: ["C1"], cursor: "C1" };
const ok = json(published);

/** Publish once against the scripts; an error becomes the result. */
async function attempt(scripts: readonly Answering[], options: PublishOptions = {}) {
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(...scripts);
  const settings = { delay, retryDelayMs: (failures: number) => failures, ...options };
  const result = await publish(origin.url, { data: 1 }, settings).catch((error: unknown) => error);
  await origin.close();
  return { result, waits, origin, count: origin.asked.length };
}

function keys({ asked }: Origin): unknown[] {
  return asked.map(({ headers }) => headers["idempotency-key"]);
}

test("posts the messages as one batch and resolves to their cursors", async () => {
  const answer = { cursors: ["C1", "C2"], cursor: "C2", closed: true, unknown: 1 };
  const origin = await scriptedOrigin(json(answer, 201, { location: "/" }));
  const result = await publish(origin.url, [{ event: "added", data: { a: 1 } }, { data: null }], {
    after: "C0",
    close: true,
  });
  await origin.close();
  assert.equal(result, { cursors: ["C1", "C2"], cursor: "C2", closed: true });
  const [asked] = origin.asked;
  assert.equal([asked?.method, asked?.headers["content-type"]], ["POST", "application/json"]);
  assert.equal(JSON.parse(asked?.body ?? ""), {
    messages: [{ event: "added", data: { a: 1 } }, { data: null }],
    after: "C0",
    close: true,
  });
});

test("every publish has its own key of 128 random bits", async () => {
  const origin = await scriptedOrigin(ok);
  await publish(origin.url, { data: 1 });
  await publish(origin.url, { data: 1 });
  await publish(origin.url, { data: 1 }, { key: 'my "own"' });
  await origin.close();
  const [first, second, own] = keys(origin);
  assert.match(String(first), /^"[0-9a-f]{32}"$/);
  assert.is.not(first, second);
  assert.is(own, '"my \\"own\\""');
});

for (const [name, script] of Object.entries<Answering>({
  "a cut": cut,
  "a proxy's 502": foreign(502),
  "a portal's page": foreign(200),
  "an answer without cursors": json({ messages: [], cursor: "C1", more: false }),
  "429": problem(429, "too-many-requests"),
  "500": problem(500, "internal"),
  "507": problem(507, "storage-full"),
  "409 in-progress": problem(409, "in-progress"),
  "425": problem(425, "too-early"),
})) {
  test(`retries after ${name}, with the same key and bytes`, async () => {
    const { result, waits, origin, count } = await attempt([script, script, ok]);
    assert.equal([result, waits, count], [published, [1, 2], 3]);
    assert.is(new Set(keys(origin)).size, 1);
    assert.is(new Set(origin.asked.map(({ body }) => body)).size, 1);
  });
}

for (const [status, name] of [
  [400, "invalid-body"],
  [403, "forbidden"],
  [404, "no-such-channel"],
  [405, "method-not-allowed"],
  [409, "closed"],
  [409, "not-at-end"],
  [413, "too-large"],
  [415, "unsupported-type"],
  [422, "key-reused"],
] as const) {
  test(`${status} ${name} is thrown at once, with its members`, async () => {
    const { result, count } = await attempt([problem(status, name, { end: "E1" }), ok]);
    assert.instance(result, AnswerError);
    const { code, problem: body } = result as AnswerError;
    assert.equal([code, body.end, count], [name, "E1", 1]);
  });
}

test("Retry-After is a floor", async () => {
  const { waits } = await attempt([problem(503, "unavailable", {}, { "retry-after": "9" }), ok]);
  assert.equal(waits, [9_000]);
});

test("throws the last error after the last attempt", async () => {
  const { result, count } = await attempt([cut, problem(503, "unavailable")], { maxAttempts: 3 });
  assert.is((result as AnswerError).code, "unavailable");
  assert.is(count, 3);
});

test("without a key, only a refused publish is retried", async () => {
  const refused = await attempt([problem(503, "unavailable"), ok], { key: null });
  assert.equal([refused.result, refused.count], [published, 2]);
  assert.equal(keys(refused.origin), [undefined, undefined]);
  for (const script of [cut, problem(500, "internal")]) {
    const unknown = await attempt([script, ok], { key: null });
    assert.instance(unknown.result, Error);
    assert.is(unknown.count, 1);
  }
});

test("a server without keys gets none, and an unknown outcome is then not retried", async () => {
  const noKeys = problem(400, "invalid-header", { header: "Idempotency-Key" });
  const { result, waits, origin } = await attempt([noKeys, ok]);
  assert.equal([result, waits], [published, []]);
  assert.is(keys(origin)[1], undefined);
  const lost = await attempt([noKeys, cut, ok]);
  assert.instance(lost.result, ConnectionError);
  assert.is(lost.count, 2);
  const chosen = await attempt([noKeys, ok], { key: "mine" });
  assert.is((chosen.result as AnswerError).code, "invalid-header");
});

test("401 asks the headers function for new credentials, once", async () => {
  const asked: boolean[] = [];
  const headers = ({ unauthorized }: { unauthorized: boolean }) => {
    asked.push(unauthorized);
    return {};
  };
  const mended = await attempt([problem(401, "unauthorized"), ok], { headers });
  assert.equal([mended.result, asked.splice(0)], [published, [false, true]]);
  const hopeless = await attempt([problem(401, "unauthorized")], { headers });
  assert.is((hopeless.result as AnswerError).status, 401);
  assert.is(hopeless.count, 2);
});

test("the signal ends an attempt and a wait", async () => {
  const stop = new AbortController();
  const origin = await scriptedOrigin(() => stop.abort());
  assert.is(await rejection(publish(origin.url, { data: 1 }, { signal: stop.signal })), stop.signal.reason);
  await origin.asked[0]?.gone;
  await origin.close();
  const waiting = new AbortController();
  const onRetry = () => setImmediate(() => waiting.abort());
  const { result } = await attempt([cut], {
    signal: waiting.signal,
    onRetry,
    delay: () => new Promise(() => {}),
  });
  assert.is(result, waiting.signal.reason);
});

test("an attempt without an answer times out after thirty seconds, and is retried", async () => {
  const watched: number[] = [];
  const origin = await scriptedOrigin(hang, ok);
  const delay = async (ms: number, signal: AbortSignal, purpose: string) => {
    if (purpose !== "watchdog") return;
    watched.push(ms);
    if (watched.length > 1) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    while (origin.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  assert.equal(await publish(origin.url, { data: 1 }, { delay }), published);
  await origin.asked[0]?.gone;
  await origin.close();
  assert.equal(watched.slice(0, 2), [30_000, 30_000]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect, rejection } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import {
  type Answering,
  cut,
  foreign,
  json,
  page,
  problem,
  scriptedOrigin,
} from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { AnswerError, ConnectionError, type SubscribeOptions } from "../index.ts";
import { createSubscription } from "../kit.ts";

const done = page(["C1"], { closed: true });

/** What a client reads from the scripts, its requests and its waits; an error becomes the result. */
async function follow(
  scripts: readonly Answering[],
  options: SubscribeOptions = {},
): Promise<{ result: unknown; asked: number; waits: number[]; after: (string | undefined)[] }> {
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(...scripts);
  const subscription = createSubscription(pages, origin.url, {
    delay,
    retryDelayMs: (n) => n * 100,
    ...options,
  });
  const result = await collect(subscription).catch((error: unknown) => error);
  await origin.close();
  const after = origin.asked.map(({ query }) => query.after);
  return { result, asked: origin.asked.length, waits, after };
}

const retried: Readonly<Record<string, Answering>> = {
  "429": problem(429, "too-many-requests"),
  "500": problem(500, "internal"),
  "503": problem(503, "unavailable"),
  "503 with the type of another status": problem(503, "gap", { start: "S1", end: "E1" }),
  "409, which no read should get": problem(409, "closed", { end: "C1" }),
  "a cut before the answer": cut,
  "a cut inside the page": (response) => {
    response.writeHead(200, { tidemark: "v=1", "content-length": "100" });
    response.write('{"messages":[', () => response.destroy());
  },
  "a body that is not a page": json({ hello: "world" }),
  "a page with more whose cursor has not moved": page([], { cursor: "P1", more: true }),
  "a portal's 403": foreign(403),
  "a portal's 404": foreign(404),
  "a portal's page": foreign(200),
  "a portal's 410": foreign(410),
  "another version": json({}, 200, { tidemark: "v=2" }),
};

for (const [name, script] of Object.entries(retried)) {
  test(`retries from the received cursor after ${name}`, async () => {
    const { result, waits, after } = await follow([page(["P1"]), script, script, done]);
    assert.equal(result, ["P1", "C1"]);
    assert.equal(waits, [100, 200]);
    assert.equal(after, ["start", "P1", "P1", "P1"]);
  });
}

for (const [status, name] of [
  [400, "invalid-parameter"],
  [403, "forbidden"],
  [404, "no-such-channel"],
  [405, "method-not-allowed"],
  [406, "not-acceptable"],
] as const) {
  test(`ends on ${status}`, async () => {
    const { result, asked } = await follow([problem(status, name, { detail: "so it is" }), done]);
    assert.instance(result, AnswerError);
    assert.equal([(result as AnswerError).status, (result as AnswerError).code], [status, name]);
    assert.match(String(result), "so it is");
    assert.is(asked, 1);
  });
}

test("a refusal of an unknown type is judged by its status", async () => {
  const { result } = await follow([json({ type: "https://example.org/other", title: "Other" }, 403), done]);
  assert.equal([(result as AnswerError).status, (result as AnswerError).code], [403, undefined]);
});

test("401 ends a client that has no new credentials", async () => {
  const { result, asked } = await follow([problem(401, "unauthorized"), done], { headers: { a: "b" } });
  assert.is((result as AnswerError).status, 401);
  assert.is(asked, 1);
});

test("401 asks the headers function for new credentials, once", async () => {
  const refused: boolean[] = [];
  const headers = ({ unauthorized }: { unauthorized: boolean }) => {
    refused.push(unauthorized);
    return { authorization: `Bearer ${refused.length}` };
  };
  const mended = await follow([problem(401, "unauthorized"), done], { headers });
  assert.equal([mended.result, mended.waits], [["C1"], []]);
  assert.equal(refused.splice(0), [false, true]);
  const hopeless = await follow([page(["P1"]), problem(401, "unauthorized")], { headers });
  assert.is((hopeless.result as AnswerError).status, 401);
  assert.equal(refused, [false, false, true]);
});

test("the headers function is called at every attempt, and its headers are sent", async () => {
  const origin = await scriptedOrigin(problem(503, "unavailable"), done);
  let token = 0;
  const headers = async () => ({ authorization: `Bearer ${++token}` });
  await collect(createSubscription(pages, origin.url, { delay: noClock().delay, headers }));
  const sent = origin.asked.map((asked) => asked.headers.authorization);
  assert.equal(sent, ["Bearer 1", "Bearer 2"]);
  await origin.close();
});

test("an error of the headers function is retried like any failure", async () => {
  let calls = 0;
  const headers = () => {
    if (calls++ === 0) throw new Error("the token service is down");
    return {};
  };
  const { result, waits } = await follow([done], { headers });
  assert.equal([result, waits], [["C1"], [100]]);
});

test("after a failure, the client bypasses a browser's cache", async () => {
  const caches: unknown[] = [];
  const send: typeof fetch = (input, init) => {
    caches.push(init?.cache);
    return fetch(input, init);
  };
  await follow([page(["P1"]), foreign(410), page(["P2"]), done], { fetch: send });
  assert.equal(caches, ["default", "default", "reload", "default"]);
});

test("Retry-After is a floor, from a Tidemark server and from a proxy", async () => {
  const { waits } = await follow([
    problem(503, "unavailable", {}, { "retry-after": "7" }),
    foreign(502, { "retry-after": "0" }),
    foreign(503, { "retry-after": new Date(Date.now() + 60_000).toUTCString() }),
    done,
  ]);
  assert.equal(waits.slice(0, 2), [7_000, 200]);
  assert.ok(Math.abs(Number(waits[2]) - 60_000) < 5_000, `${waits[2]}`);
});

test("no server makes a client wait for more than five minutes", async () => {
  const { waits } = await follow([
    problem(503, "unavailable", {}, { "retry-after": "86400" }),
    page(["P1"], { retry: 9_999_999 }),
    done,
  ]);
  assert.equal(waits, [300_000, 300_000]);
});

test("the server's last retry is a floor for failures too", async () => {
  const { waits } = await follow([page(["P1"], { retry: 800 }), cut, cut, done]);
  assert.equal(waits, [800, 800, 800]);
});

test("a success resets the count of consecutive failures", async () => {
  const retries: [string, number, number][] = [];
  const { result } = await follow([cut, cut, page(["P1"]), cut, done], {
    onRetry: ({ error, failures, waitMs }) => retries.push([error.name, failures, waitMs]),
  });
  assert.equal(result, ["P1", "C1"]);
  assert.equal(retries, [
    ["ConnectionError", 1, 100],
    ["ConnectionError", 2, 200],
    ["ConnectionError", 1, 100],
  ]);
});

test("a page without news is a success too", async () => {
  const { waits } = await follow([cut, cut, page([], { cursor: "P1" }), cut, done]);
  assert.equal(waits, [100, 200, 100]);
});

test("an unreachable server is retried like any failure", async () => {
  const stop = new AbortController();
  const errors: Error[] = [];
  const nowhere = "http://127.0.0.1:3/channels/a"; // a port that was free would be taken by another test
  const subscription = createSubscription(pages, nowhere, {
    signal: stop.signal,
    delay: noClock().delay,
    onRetry: ({ error }) => {
      if (errors.push(error) === 3) stop.abort();
    },
  });
  assert.equal(await subscription.next(), { done: true, value: undefined });
  assert.ok(errors.every((error) => error instanceof ConnectionError && error.failure === "unreachable"));
});

test("an error thrown by a callback ends the subscription with that error", async () => {
  const origin = await scriptedOrigin(cut);
  const onRetry = () => {
    throw new Error("no more");
  };
  const subscription = createSubscription(pages, origin.url, { onRetry, delay: noClock().delay });
  assert.match(String(await rejection(subscription.next())), "no more");
  await origin.close();
});

test.run();

import { MemoryLog } from "@tidemark/log-memory";
import { type Page, ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { WatchedLog } from "../../../testing/logs/watched-log.ts";
import { type At, RIM, serving, until } from "../../../testing/servers/serving.ts";
import { type LongPollingOptions, longPolling } from "./long-polling.ts";

interface Bench extends At {
  readonly log: WatchedLog;
  readonly end: string;
  /** Send a request, and resolve once it is held. */
  hold(query?: string, init?: RequestInit): Promise<{ readonly answer: Promise<Response> }>;
  held(): number;
  drain(): Promise<void>;
}

async function served(options: LongPollingOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const log = new WatchedLog();
  const { cursor: end } = await log.append("a", numbers(3));
  const middleware = longPolling(log, options);
  await serving(middleware, async (at) => {
    const held = (): number => middleware.stats().held;
    const hold = async (query = `after=${end}&wait=60`, init: RequestInit = {}) => {
      const before = held();
      const answer = fetch(at.url("a", query), init);
      answer.catch(() => undefined); // the test that awaits it gets the rejection
      // Wait until it is held and follows the feed, so that the next change wakes it.
      await until(() => held() === before + 1 && log.watches === 1, "the request is held");
      return { answer };
    };
    await run({ ...at, log, end, hold, held, drain: () => middleware.drain({ windowMs: 0 }) });
  });
}

async function pageOf(response: Response): Promise<Page> {
  assert.is(response.status, 200);
  assert.is(response.headers.get("cache-control"), "no-store");
  assert.is(response.headers.get("etag"), null);
  assert.is(response.headers.get("vary"), "Accept");
  return (await response.json()) as Page;
}

test("a publish answers a held poll, long before its wait is over", () =>
  served({}, async ({ hold, held, log }) => {
    const { answer } = await hold();
    const started = performance.now();
    await log.append("a", numbers(2, 3));
    const page = await pageOf(await answer);
    assert.ok(performance.now() - started < 30_000, "half of its wait");
    assert.equal(
      page.messages.map(({ data }) => data),
      [3, 4],
    );
    assert.is(held(), 0);
  }));

test("one read of the log wakes many held polls", () =>
  served({}, async ({ hold, log }) => {
    const answers: Promise<Response>[] = [];
    for (let n = 0; n < 20; n++) answers.push((await hold()).answer);
    const before = log.reads;
    await log.append("a", numbers(1, 3));
    const bodies = await Promise.all((await Promise.all(answers)).map((answer) => answer.text()));
    assert.is(new Set(bodies).size, 1);
    assert.is(log.reads - before, 1);
  }));

test("after the full wait, a poll gets an empty page with the cursor", () =>
  served({ maxWaitS: 1 }, async ({ url, end }) => {
    for (const wait of ["1", "60", "999999999999999999999999"]) {
      const started = performance.now();
      const page = await pageOf(await fetch(url("a", `after=${end}&wait=${wait}`)));
      assert.ok(performance.now() - started >= 900, `answered after ${performance.now() - started} ms`);
      assert.equal(page, { messages: [], cursor: end, more: false });
    }
  }));

test("a message whose wake-up was lost is in the answer at the end of the wait", () =>
  served({ maxWaitS: 1 }, async ({ hold, log }) => {
    const { answer } = await hold();
    log.deaf = true;
    await log.append("a", numbers(1, 3));
    assert.is((await pageOf(await answer)).messages.length, 1);
  }));

const AT_ONCE = [
  "wait=60",
  "wait=60&after=start",
  "wait=60&after=end",
  "wait=60&after=A&gap=end",
  "wait=0&after={end}",
];

for (const query of AT_ONCE)
  test(`${query} is answered at once`, () =>
    served({}, async ({ url, end }) => {
      const page = await pageOf(await fetch(url("a", query.replace("{end}", end))));
      assert.is(page.cursor, end);
    }));

test("existing messages are answered at once, within the limit", () =>
  served({}, async ({ url, log }) => {
    const { messages } = await log.read("a", "start", { maxMessages: 1 });
    const page = await pageOf(await fetch(url("a", `wait=60&limit=1&after=${messages[0]?.cursor}`)));
    assert.is(page.messages.length, 1);
    assert.is(page.more, true);
  }));

test("a burst larger than the limit is answered up to the limit", () =>
  served({}, async ({ hold, url, log, end }) => {
    const { answer } = await hold(`after=${end}&wait=60&limit=2`);
    await log.append("a", numbers(5, 3));
    const page = await pageOf(await answer);
    assert.equal(
      page.messages.map(({ data }) => data),
      [3, 4],
    );
    assert.is(page.more, true);
    const next = await pageOf(await fetch(url("a", `wait=60&after=${page.cursor}`)));
    assert.is(next.messages.length, 3);
  }));

test("closing answers a held poll, and no poll is held at the end of a closed channel", () =>
  served({}, async ({ hold, url, log, end }) => {
    const { answer } = await hold();
    await log.append("a", [], { close: true });
    const closed = { messages: [], cursor: end, more: false, closed: true };
    assert.equal(await pageOf(await answer), closed);
    assert.equal(await pageOf(await fetch(url("a", `wait=60&after=${end}`))), closed);
  }));

test("removal answers a held poll as it answers a new request: with a gap", () =>
  served({}, async ({ hold, log, end }) => {
    const plain = await hold();
    const willing = await hold(`after=${end}&wait=60&gap=end`);
    await log.remove("a");
    const refused = await plain.answer;
    assert.is(refused.status, 410);
    assert.is(((await refused.json()) as { requested: string }).requested, end);
    const page = await pageOf(await willing.answer);
    assert.is(page.gap?.requested, end);
    assert.is(page.cursor, page.gap?.end);
  }));

test("if a declared channel is removed, a held poll gets no-such-channel", () => {
  let exists = true;
  return served({ channels: () => exists }, async ({ hold, log }) => {
    const { answer } = await hold();
    exists = false;
    await log.remove("a");
    assert.is((await answer).status, 404);
  });
});

test("if the authorization was withdrawn during the wait, the message is not sent", () => {
  let allowed = true;
  const authorize = (): undefined => {
    if (!allowed) throw new ProtocolError("forbidden", "Not any more");
  };
  return served({ authorize }, async ({ hold, log }) => {
    const { answer } = await hold();
    allowed = false;
    await log.append("a", numbers(1, 3));
    assert.is((await answer).status, 403);
  });
});

test("a filtered poll stays held while the filter drops messages, and its cursor moves", () =>
  served({ eventFilter: true, maxWaitS: 1 }, async ({ hold, log, end }) => {
    const { answer } = await hold(`after=${end}&wait=60&event=x`);
    const { cursor } = await log.append("a", numbers(3, 3));
    const page = await pageOf(await answer);
    assert.equal(page, { messages: [], cursor, more: false });
    const next = await hold(`after=${cursor}&wait=60&event=x`);
    await log.append("a", [{ json: "8" }, { event: "x", json: "9" }, { json: "10" }]);
    assert.equal(
      (await pageOf(await next.answer)).messages.map(({ data }) => data),
      [9],
    );
  }));

test("a client that disconnects holds nothing", () =>
  served({}, async ({ hold, held, log }) => {
    const gone = new AbortController();
    await hold(undefined, { signal: gone.signal });
    gone.abort();
    await until(() => held() === 0 && log.watches === 0, "nothing is held");
  }));

for (const gap of ["", "&gap=start"])
  test(`a held poll that has moved on by its filter tells the gap for the requested position${gap}`, () =>
    served({ eventFilter: true }, async ({ hold, log, end }) => {
      const { answer } = await hold(`after=${end}&wait=60&event=b${gap}`);
      await log.append("a", [{ event: "a", json: "1" }]);
      await log.remove("a");
      const body = (await (await answer).json()) as { requested?: string; gap?: { requested: string } };
      assert.is(body.requested ?? body.gap?.requested, end);
    }));

test("above the limit a poll is not held, and gets a time to retry", () =>
  served({ maxConnections: 1 }, async ({ hold, url, end }) => {
    await hold();
    const refused = await fetch(url("a", `after=${end}&wait=60`));
    assert.is(refused.status, 503);
    assert.match(refused.headers.get("retry-after") ?? "", /^\d+$/);
    assert.is((await fetch(url("a", `after=${end}`))).status, 200, "a poll needs no place");
  }));

test("draining answers held polls at once, with a time to retry, and holds no more", () =>
  served({}, async ({ hold, url, end, drain }) => {
    const { answer } = await hold();
    await drain();
    for (const response of [await answer, await fetch(url("a", `after=${end}&wait=60`))]) {
      // A web Response cannot close its connection: its platform does that.
      if (RIM !== "fetch") assert.is(response.headers.get("connection"), "close");
      const { retry, ...page } = await pageOf(response);
      assert.equal(page, { messages: [], cursor: end, more: false });
      assert.ok(retry !== undefined && retry >= 0 && retry <= 5_000);
    }
  }));

test("if the log fails, the answer is unavailable, and the request is released", () =>
  served({ maxWaitS: 1, onError: () => undefined }, async ({ hold, held, log }) => {
    const { answer } = await hold();
    log.down = true;
    const response = await answer;
    assert.is(response.status, 503);
    assert.ok(response.headers.get("retry-after"));
    assert.is(held(), 0);
  }));

test("without wait, a request is a poll, with an ETag", () =>
  served({}, async ({ url, end }) => {
    const response = await fetch(url("a", `after=${end}`));
    assert.is(response.headers.get("cache-control"), "private, no-cache");
    assert.ok(response.headers.get("etag"));
    assert.match(response.headers.get("tidemark") ?? "", /mechanisms=\(poll long-poll\), max-wait=60/);
  }));

for (const maxWaitS of [0, 1.5, 3_601, Number.NaN])
  test(`a longest wait of ${maxWaitS} is rejected`, () => {
    assert.throws(() => longPolling(new MemoryLog(), { maxWaitS }), RangeError);
  });

test.run();

import { MemoryLog } from "@tidemark/log-memory";
import type { Gap, Page } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers, readAll } from "../../../testing/logs/drafts.ts";
import { type At, serving } from "../../../testing/servers/serving.ts";
import { type PollingOptions, polling } from "./polling.ts";

/** A channel `a` with the messages 0 to 9; if `trimmed`, only the last 3 are retained. */
async function served(
  options: PollingOptions,
  run: (at: At, log: MemoryLog, cursors: readonly string[]) => Promise<void>,
  trimmed = false,
): Promise<void> {
  const log = new MemoryLog({ retention: { maxMessages: trimmed ? 3 : null } });
  const { cursors } = await log.append("a", numbers(10));
  await serving(polling(log, options), (at) => run(at, log, cursors));
}

async function pageOf(response: Response): Promise<Page> {
  assert.is(response.status, 200);
  assert.is(response.headers.get("content-type"), "application/json");
  return (await response.json()) as Page;
}

test("pages lead from the start to the end, each message once", () =>
  served({}, async ({ url }, log) => {
    const seen: unknown[] = [];
    let query = "limit=4";
    for (let page: Page; ; query = `limit=4&after=${page.cursor}`) {
      page = await pageOf(await fetch(url("a", query)));
      seen.push(...page.messages);
      assert.ok(page.messages.length <= 4);
      if (!page.more) break;
    }
    const expected = (await readAll(log, "a")).map(({ cursor, json }) => ({
      cursor,
      data: JSON.parse(json),
    }));
    assert.equal(seen, expected);
  }));

test("a page has 100 messages by default, and a limit above the maximum is reduced to it", () =>
  served({ maxLimit: 150 }, async ({ url }, log) => {
    await log.append("a", numbers(200));
    for (const [query, length] of [
      ["", 100],
      ["limit=151", 150],
      ["limit=99999999999999999999999", 150],
      ["limit=007", 7],
    ] as const)
      assert.is((await pageOf(await fetch(url("a", query)))).messages.length, length, query);
  }));

test("a channel that was never written to is empty, open, and has a cursor that stays valid", () =>
  served({}, async ({ url }, log) => {
    const first = await pageOf(await fetch(url("new", "after=end")));
    assert.equal({ ...first, cursor: "" }, { messages: [], cursor: "", more: false });
    await log.append("new", numbers(1));
    const next = await pageOf(await fetch(url("new", `after=${first.cursor}`)));
    assert.is(next.messages.length, 1);
  }));

test("only the page at the end of a closed channel has closed", () =>
  served({}, async ({ url }, log) => {
    await log.append("a", [], { close: true });
    assert.is((await pageOf(await fetch(url("a", "limit=9")))).closed, undefined);
    const last = await pageOf(await fetch(url("a", "limit=10")));
    assert.is(last.closed, true);
    assert.is(last.more, false);
  }));

const CACHING: readonly (readonly [query: string, options: PollingOptions, expected: string])[] = [
  ["limit=2", {}, "no-store"],
  ["after=start&limit=2", {}, "no-store"],
  ["after=end", {}, "no-store"],
  ["after=0&limit=2", {}, "private, max-age=3600"],
  ["after=0&limit=2", { isPublic: true }, "public, max-age=3600"],
  ["after=0&limit=2", { isPublic: (name) => name !== "a" }, "private, max-age=3600"],
  ["after=0&limit=2", { maxAgeS: 5 }, "private, max-age=5"],
  ["after=0&limit=2", { maxAgeS: 0 }, "no-store"],
  ["after=0&limit=2&gap=start", {}, "private, max-age=3600"],
  ["after=0", {}, "private, no-cache"],
  ["after=0", { isPublic: true }, "public, no-cache"],
  ["after=9", { maxAgeS: 0 }, "private, no-cache"],
  ["after=9", { retryMs: 10 }, "private, no-cache"],
];

for (const [query, options, expected] of CACHING)
  test(`${query} with ${JSON.stringify(options)} is ${expected}`, () =>
    served(options, async ({ url }, _, cursors) => {
      const own = query.replace(/after=(\d)/, (_, n) => `after=${cursors[n]}`);
      const response = await fetch(url("a", own));
      assert.is(response.headers.get("cache-control"), expected);
      assert.is(response.headers.get("vary"), "Accept");
      assert.is(response.headers.has("etag"), expected !== "no-store");
      const head = await fetch(url("a", own), { method: "HEAD" });
      assert.is(head.headers.get("etag"), response.headers.get("etag"));
      assert.is(head.headers.get("cache-control"), expected);
    }));

test("a page that the client has is not sent again, whatever the form of If-None-Match", () =>
  served({}, async ({ url }, _, cursors) => {
    const at = url("a", `after=${cursors[9]}`);
    const etag = (await fetch(at)).headers.get("etag") ?? "";
    assert.match(etag, /^W\/"[^"]+"$/);
    for (const header of [etag, etag.slice(2), `"x", ${etag}`, `"x" ,${etag} , W/"y"`, "*"]) {
      const response = await fetch(at, { headers: { "If-None-Match": header } });
      assert.is(response.status, 304, header);
      assert.is(await response.text(), "");
      assert.is(response.headers.get("etag"), etag);
      assert.is(response.headers.get("cache-control"), "private, no-cache");
      assert.is(response.headers.get("vary"), "Accept");
      assert.match(response.headers.get("tidemark") ?? "", /^v=1/);
    }
    for (const header of ['W/"x"', "", "x"])
      assert.is((await fetch(at, { headers: { "If-None-Match": header } })).status, 200, header);
  }));

test("a page's tag changes if the page has more messages, closes, begins elsewhere or is filtered", () =>
  served({ eventFilter: true }, async ({ url }, log, cursors) => {
    const tags: (string | null)[] = [];
    const look = async (query: string): Promise<void> => {
      tags.push((await fetch(url("a", query))).headers.get("etag"));
    };
    await look(`after=${cursors[8]}`);
    await look(`after=${cursors[9]}`);
    await look(`after=${cursors[8]}&event=x`);
    await look(`after=${cursors[8]}&event=message`);
    await log.append("a", [], { close: true });
    await look(`after=${cursors[8]}`);
    await look(`after=${cursors[9]}`);
    assert.is(new Set(tags).size, tags.length);
  }));

test("a position before the retained messages is a gap, and gets a page only with gap=", () =>
  served(
    {},
    async ({ url }, _, cursors) => {
      const refused = await fetch(url("a", `after=${cursors[2]}`));
      assert.is(refused.status, 410);
      assert.is(refused.headers.get("cache-control"), "no-store");
      const problem = (await refused.json()) as Gap;
      assert.is(problem.requested, cursors[2]);
      assert.is(problem.reason, "retention");
      for (const [gap, count, begin] of [
        ["start", 3, problem.start],
        ["end", 0, problem.end],
      ] as const) {
        const response = await fetch(url("a", `after=${cursors[2]}&gap=${gap}`));
        assert.is(response.headers.get("cache-control"), "no-store");
        assert.is(response.headers.get("etag"), null);
        const page = await pageOf(response);
        assert.is(page.messages.length, count);
        assert.is(page.gap?.requested, cursors[2]);
        assert.is(page.gap?.[gap], begin);
        assert.is((await fetch(url("a", `after=${begin}`))).status, 200);
      }
      const good = await pageOf(await fetch(url("a", `after=${cursors[6]}&gap=start`)));
      assert.is(good.gap, undefined);
      assert.is(good.messages.length, 3);
    },
    true,
  ));

test("the filter keeps the events that it names, and the cursor moves past the others", () =>
  served({ eventFilter: true }, async ({ url }, log) => {
    await log.append("f", [
      { json: "1" },
      { event: "x", json: "2" },
      { event: "y", json: "3" },
      { event: "x", json: "4" },
    ]);
    const data = async (query: string): Promise<unknown[]> =>
      (await pageOf(await fetch(url("f", query)))).messages.map((message) => message.data);
    assert.equal(await data("event=x"), [2, 4]);
    assert.equal(await data("event=y,message,y"), [1, 3]);
    assert.equal(await data("event=z"), []);
    const { cursor: end } = await log.read("f", "end", { maxMessages: 1 });
    assert.is((await pageOf(await fetch(url("f", "event=z")))).cursor, end);
    const first = await pageOf(await fetch(url("f", "event=x&limit=1")));
    assert.is(first.more, true);
    assert.equal(await data(`event=x&limit=1&after=${first.cursor}`), [4]);
  }));

test("a page has retry if it is configured", () =>
  served({ retryMs: 250 }, async ({ url }) => {
    assert.is((await pageOf(await fetch(url("a")))).retry, 250);
  }));

test("a wait that is not offered is ignored", () =>
  served({}, async ({ url }, _, cursors) => {
    const response = await fetch(url("a", `wait=60&after=${cursors[9]}`));
    assert.is(response.headers.get("cache-control"), "private, no-cache");
    assert.is((await pageOf(response)).messages.length, 0);
  }));

test("without long polling, wait is validated and then ignored: the page has its ETag, and is not held", () =>
  served({}, async ({ url }, _log, cursors) => {
    const after = `after=${cursors.at(-1)}`;
    const plain = await fetch(url("a", after));
    for (const wait of ["0", "3600", "99999999999999999999"]) {
      const response = await fetch(url("a", `${after}&wait=${wait}`));
      assert.is(response.headers.get("etag"), plain.headers.get("etag"));
      assert.is(response.headers.get("cache-control"), "private, no-cache");
      assert.equal(await pageOf(response), await pageOf(await fetch(url("a", after))));
    }
    assert.is((await fetch(url("a", `${after}&wait=-1`))).status, 400);
  }));

test.run();

import { setMaxListeners } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../test/drafts.ts";
import { until } from "../test/serving.ts";
import { WatchedLog } from "../test/watched-log.ts";
import type { FeedReader, News } from "./feed-reader.ts";
import { Feeds } from "./feeds.ts";

const HEARTBEAT_MS = 50;

interface Bench {
  readonly log: WatchedLog;
  readonly feeds: Feeds;
  readonly errors: unknown[];
  readonly gone: AbortController;
  join(wantsTicks?: boolean): Promise<FeedReader>;
}

function bench(heartbeatMs = 60_000): Bench {
  const log = new WatchedLog();
  const errors: unknown[] = [];
  const feeds = new Feeds(log, { heartbeatMs, onError: (error) => errors.push(error) });
  const gone = new AbortController();
  setMaxListeners(0, gone.signal); // many readers share it here, each has its own in a server
  return { log, feeds, errors, gone, join: (wantsTicks = false) => feeds.join("a", wantsTicks, gone.signal) };
}

async function endOf(log: WatchedLog): Promise<string> {
  return (await log.read("a", "end", { maxMessages: 1 })).cursor;
}

function dataOf(news: News): string[] {
  assert.is(news.type, "page");
  return news.type === "page" ? news.page.messages.map(({ json }) => json) : [];
}

test("all readers of a channel share one watch, one read and one page", async () => {
  const { log, feeds, gone, join } = bench();
  const readers = await Promise.all(Array.from({ length: 50 }, () => join()));
  const end = await endOf(log);
  const waiting = readers.map((reader) => reader.next(end));
  const before = log.reads;
  await log.append("a", numbers(2));
  const news = await Promise.all(waiting);
  assert.is(log.watches, 1);
  assert.is(log.reads - before, 1);
  assert.equal(dataOf(news[0] as News), ["0", "1"]);
  assert.ok(news.every((one) => one === news[0]));
  gone.abort();
  assert.is(feeds.size, 0);
});

test("messages that arrive together are read together", async () => {
  const { log, gone, join } = bench();
  const reader = await join();
  const next = reader.next(await endOf(log));
  const before = log.reads;
  for (let n = 0; n < 20; n++) await log.append("a", numbers(1, n));
  assert.is(dataOf(await next).length, 20);
  assert.is(log.reads - before, 1);
  gone.abort();
});

test("a change during a read is read too", async () => {
  const { log, gone, join } = bench();
  const reader = await join();
  const end = await endOf(log);
  const next = reader.next(end);
  let open = (): void => {};
  log.gate = new Promise((resolve) => (open = resolve));
  const before = log.reads;
  await log.append("a", numbers(1));
  await until(() => log.reads === before + 1, "the feed reads");
  await log.append("a", numbers(1, 1));
  open();
  const first = await next;
  assert.is(first.type, "page");
  const cursor = first.type === "page" ? first.page.cursor : "";
  const seen = dataOf(first);
  if (seen.length < 2) seen.push(...dataOf(await reader.next(cursor)));
  assert.equal(seen, ["0", "1"]);
  gone.abort();
});

test("a lost wake-up costs time and never a message", async () => {
  const { log, gone, join } = bench(HEARTBEAT_MS);
  const reader = await join();
  const next = reader.next(await endOf(log));
  log.deaf = true;
  await log.append("a", numbers(1));
  assert.equal(dataOf(await next), ["0"]);
  gone.abort();
});

test("a reader ahead of the feed waits for it and repeats nothing", async () => {
  const { log, gone, join } = bench();
  await join();
  log.deaf = true;
  await log.append("a", numbers(3));
  const ahead = await endOf(log); // the feed has not read what stands before this
  log.deaf = false;
  const reader = await join();
  const next = reader.next(ahead);
  await log.append("a", numbers(1, 3));
  assert.equal(dataOf(await next), ["3"]);
  gone.abort();
});

test("a reader behind the feed gets what it lacks, from the window or from the log", async () => {
  const { log, gone, join } = bench();
  const reader = await join();
  const start = await endOf(log);
  const parked = reader.next(start);
  await log.append("a", numbers(3));
  await parked;
  const late = await join();
  const before = log.reads;
  const [first] = (await log.read("a", "start", { maxMessages: 1 })).messages;
  assert.equal(dataOf(await late.next(first?.cursor ?? "")), ["1", "2"]);
  assert.is(log.reads, before + 1, "the window had it");
  await log.append("a", numbers(1_500, 3));
  const page = await late.next(start);
  assert.is(dataOf(page)[0], "0");
  gone.abort();
});

test("closing wakes who stands at the end, and who comes there later is told at once", async () => {
  const { log, gone, join } = bench();
  const reader = await join();
  const end = await endOf(log);
  const next = reader.next(end);
  await log.append("a", [], { close: true });
  for (const news of [await next, await (await join()).next(end)])
    assert.equal(news, {
      type: "page",
      page: { messages: [], from: end, cursor: end, more: false, closed: true },
    });
  gone.abort();
});

test("removal breaks the feed for all, and the next reader begins another", async () => {
  const { log, feeds, gone, join } = bench();
  await log.append("a", numbers(1));
  const reader = await join();
  const end = await endOf(log);
  const next = reader.next(end);
  await log.remove("a");
  assert.is((await next).type, "broken");
  assert.is((await reader.next(end)).type, "broken");
  assert.is(feeds.size, 0);
  assert.is(log.watches, 0);
  const fresh = await join();
  const first = fresh.next(await endOf(log));
  await log.append("a", numbers(1, 7));
  assert.equal(dataOf(await first), ["7"]);
  gone.abort();
});

test("a failing log is told of once and tried again by the clock; nobody is let go of", async () => {
  const { log, errors, gone, join } = bench(HEARTBEAT_MS);
  const reader = await join();
  const next = reader.next(await endOf(log));
  log.down = true;
  await log.append("a", numbers(1));
  await until(() => errors.length > 0, "the failure");
  log.down = false;
  assert.equal(dataOf(await next), ["0"]);
  gone.abort();
});

test("a feed that cannot begin rejects its readers and is forgotten", async () => {
  const { log, feeds, join } = bench();
  log.down = true;
  const outcomes = await Promise.allSettled([join(), join()]);
  assert.equal(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.is(feeds.size, 0);
  assert.is(log.watches, 0);
  log.down = false;
  (await join()).close();
  assert.is(feeds.size, 0);
});

test("only those who want them get ticks", async () => {
  const { gone, log, join } = bench(HEARTBEAT_MS);
  const end = await endOf(log);
  const quiet = (await join(false)).next(end);
  const ticking = await join(true);
  for (let n = 0; n < 4; n++) assert.is((await ticking.next(end)).type, "tick");
  await log.append("a", numbers(1));
  assert.is((await quiet).type, "page");
  gone.abort();
});

test("an interruption ends the wait, and every later one", async () => {
  const { log, feeds, gone, join } = bench();
  const reader = await join();
  const end = await endOf(log);
  const next = reader.next(end);
  reader.interrupt({ type: "timeout" });
  reader.interrupt({ type: "leave" });
  assert.is((await next).type, "timeout");
  assert.is((await reader.next(end)).type, "timeout");
  reader.close();
  reader.close();
  assert.is(feeds.size, 0);
  gone.abort();
});

test("a reader whose exchange ended while the feed began leaves no feed behind", async () => {
  const { log, feeds, gone, join } = bench();
  const joining = join();
  gone.abort();
  const reader = await joining;
  assert.is((await reader.next("X")).type, "gone");
  assert.is(feeds.size, 0);
  await until(() => log.watches === 0, "the watch has ended");
});

test.run();

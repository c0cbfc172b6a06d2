import type { RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../../testing/logs/drafts.ts";
import { WatchedLog } from "../../../../testing/logs/watched-log.ts";
import { until } from "../../../../testing/servers/serving.ts";
import { type News, newsOf, nextOf } from "../../test/next.ts";
import type { FeedReader } from "./feed-reader.ts";
import { Feeds } from "./feeds.ts";

const HEARTBEAT_MS = 50;

interface Bench {
  readonly log: WatchedLog;
  readonly feeds: Feeds;
  readonly errors: unknown[];
  join(): Promise<FeedReader>;
  /** Close all readers. */
  leave(): void;
}

function bench(heartbeatMs = 60_000, lingerMs = 0): Bench {
  const log = new WatchedLog();
  const errors: unknown[] = [];
  const feeds = new Feeds(log, { heartbeatMs, lingerMs, onError: (error) => errors.push(error) });
  const readers: FeedReader[] = [];
  const join = async (): Promise<FeedReader> => {
    const reader = await feeds.join("a");
    readers.push(reader);
    return reader;
  };
  const leave = (): void => {
    for (const reader of readers) reader.close();
  };
  return { log, feeds, errors, join, leave };
}

async function endOf(log: WatchedLog): Promise<string> {
  return (await log.read("a", "end", { maxMessages: 1 })).cursor;
}

function pageOf(news: News | undefined): RawPage | undefined {
  return news?.type === "page" ? news.page : undefined;
}

function dataOf(news: News): string[] {
  assert.is(news.type, "page");
  return news.type === "page" ? news.page.messages.map(({ json }) => json) : [];
}

test("all readers of a channel share one watch, one read and one page", async () => {
  const { log, feeds, leave, join } = bench();
  const readers = await Promise.all(Array.from({ length: 50 }, () => join()));
  const end = await endOf(log);
  const waiting = readers.map((reader) => newsOf(reader, end));
  const before = log.reads;
  await log.append("a", numbers(2));
  const news = await Promise.all(waiting);
  assert.is(log.watches, 1);
  assert.is(log.reads - before, 1);
  assert.equal(dataOf(news[0] as News), ["0", "1"]);
  assert.ok(news.every((one) => pageOf(one) === pageOf(news[0])));
  leave();
  assert.is(feeds.size, 0);
});

test("messages that arrive together are read together", async () => {
  const { log, leave, join } = bench();
  const reader = await join();
  const next = newsOf(reader, await endOf(log));
  const before = log.reads;
  for (let n = 0; n < 20; n++) await log.append("a", numbers(1, n));
  assert.is(dataOf(await next).length, 20);
  assert.is(log.reads - before, 1);
  leave();
});

test("a change during a read is read too", async () => {
  const { log, leave, join } = bench();
  const reader = await join();
  const end = await endOf(log);
  const next = newsOf(reader, end);
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
  if (seen.length < 2) seen.push(...dataOf(await newsOf(reader, cursor)));
  assert.equal(seen, ["0", "1"]);
  leave();
});

test("a lost wake-up delays a message but never loses it", async () => {
  const { log, leave, join } = bench(HEARTBEAT_MS);
  const reader = await join();
  const next = newsOf(reader, await endOf(log));
  log.deaf = true;
  await log.append("a", numbers(1));
  assert.equal(dataOf(await next), ["0"]);
  leave();
});

test("a reader ahead of the feed waits for it and repeats nothing", async () => {
  const { log, leave, join } = bench();
  await join();
  log.deaf = true;
  await log.append("a", numbers(3));
  const ahead = await endOf(log); // the feed has not read up to here
  log.deaf = false;
  const reader = await join();
  const next = newsOf(reader, ahead);
  await log.append("a", numbers(1, 3));
  assert.equal(dataOf(await next), ["3"]);
  leave();
});

test("a reader behind the feed catches up from the window or from the log", async () => {
  const { log, leave, join } = bench();
  const reader = await join();
  const start = await endOf(log);
  const parked = newsOf(reader, start);
  await log.append("a", numbers(3));
  await parked;
  const late = await join();
  const before = log.reads;
  const [first] = (await log.read("a", "start", { maxMessages: 1 })).messages;
  assert.equal(dataOf(await newsOf(late, first?.cursor ?? "")), ["1", "2"]);
  assert.is(log.reads, before + 1, "the window had it");
  await log.append("a", numbers(1_500, 3));
  const page = await newsOf(late, start);
  assert.is(dataOf(page)[0], "0");
  leave();
});

test("closing wakes the followers, and a reader that reaches the end later gets the close at once", async () => {
  const { log, leave, join } = bench();
  const reader = await join();
  const end = await endOf(log);
  const next = newsOf(reader, end);
  await log.append("a", [], { close: true });
  for (const news of [await next, await newsOf(await join(), end)])
    assert.equal(news, {
      type: "page",
      page: { messages: [], from: end, cursor: end, more: false, closed: true },
    });
  leave();
});

test("removal breaks the feed for all readers, and the next reader creates a new feed", async () => {
  const { log, feeds, leave, join } = bench();
  await log.append("a", numbers(1));
  const reader = await join();
  const end = await endOf(log);
  const next = newsOf(reader, end);
  await log.remove("a");
  assert.is((await next).type, "broken");
  assert.is((await newsOf(reader, end)).type, "broken");
  assert.is(feeds.size, 0);
  assert.is(log.watches, 0);
  const fresh = await join();
  const first = newsOf(fresh, await endOf(log));
  await log.append("a", numbers(1, 7));
  assert.equal(dataOf(await first), ["7"]);
  leave();
});

test("a failing log is reported once and retried by the clock, and no reader is removed", async () => {
  const { log, errors, leave, join } = bench(HEARTBEAT_MS);
  const reader = await join();
  const next = newsOf(reader, await endOf(log));
  log.down = true;
  await log.append("a", numbers(1));
  await until(() => errors.length > 0, "the failure");
  log.down = false;
  assert.equal(dataOf(await next), ["0"]);
  leave();
});

test("a feed that cannot start rejects its readers and is dropped", async () => {
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

test("followers get the clock's ticks", async () => {
  const { leave, log, join } = bench(HEARTBEAT_MS);
  const end = await endOf(log);
  const reader = await join();
  for (let n = 0; n < 4; n++) assert.is((await nextOf(reader, end)).type, "tick");
  leave();
});

test("a follower that throws is removed, and the others still get the page", async () => {
  const { leave, log, errors, join } = bench();
  const end = await endOf(log);
  const failure = new Error("it cannot");
  const told: string[] = [];
  const failing = {
    seat: -1,
    cursor: end,
    take: () => {
      throw failure;
    },
    tick: () => undefined,
    broken: () => told.push("broken"),
  };
  assert.ok((await join()).follow(failing));
  const next = nextOf(await join(), end);
  await log.append("a", numbers(1));
  assert.equal(dataOf(await next), ["0"]);
  assert.equal(errors, [failure]);
  assert.equal(told, ["broken"]);
  leave();
});

test("a reader that has left gets nothing more, and leaving twice counts once", async () => {
  const { log, feeds, join } = bench();
  const reader = await join();
  const other = await join();
  reader.close();
  reader.close();
  assert.is(feeds.size, 1);
  const told: string[] = [];
  const late = {
    seat: -1,
    cursor: await endOf(log),
    take: () => told.push("page"),
    tick: () => undefined,
    broken: () => told.push("broken"),
  };
  assert.not.ok(reader.follow(late));
  other.close();
  assert.is(feeds.size, 0);
  assert.is(log.watches, 0);
  assert.equal(told, []);
});

test("a feed without readers is kept for a while, and a reader can join it synchronously", async () => {
  const { log, feeds, join } = bench(60_000, 50);
  (await join()).close();
  assert.is(feeds.size, 0, "no channel has readers");
  assert.is(log.watches, 1, "the watch is kept");
  const reader = feeds.joinNow("a");
  assert.ok(reader);
  assert.is(feeds.size, 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.is(log.watches, 1, "it is followed");
  reader?.close();
  await until(() => log.watches === 0, "the feed has ended");
  assert.is(feeds.joinNow("a"), undefined);
});

test("if the reader leaves while the feed starts, no watch is leaked", async () => {
  const { log, feeds } = bench();
  const joining = feeds.join("a");
  (await joining).close();
  assert.is(feeds.size, 0);
  await until(() => log.watches === 0, "the watch has ended");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../../testing/logs/drafts.ts";
import { WatchedLog } from "../../../../testing/logs/watched-log.ts";
import { until } from "../../../../testing/servers/serving.ts";
import { FEED_READ } from "../feed/feed.ts";
import { BurstReads } from "./burst-reads.ts";

/** A log that does not know its revision synchronously. */
function burst(log: WatchedLog): BurstReads {
  return new BurstReads({}, (channel, from) => log.read(channel, from, FEED_READ));
}

function known(log: WatchedLog): BurstReads {
  return new BurstReads(log, (channel, from) => log.read(channel, from, FEED_READ));
}

/** Reads of a position that run at once, before there is a burst. */
const BURST = 16;

test("for a thousand callers at three positions, each position is read only a few times", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(300));
  const reads = burst(log);
  const positions = [cursors[0], cursors[150], cursors[290]] as string[];
  const pages = [];
  for (let n = 0; n < 1_000; n++) pages.push(reads.read("a", positions[n % 3] ?? ""));
  for (const [n, page] of (await Promise.all(pages)).entries()) assert.is(page.from, positions[n % 3]);
  assert.is(log.reads, 3 * (BURST + 1));
});

test("the first callers are served at once; a later caller sees everything published before its call", async () => {
  const log = new WatchedLog();
  const { cursor } = await log.append("a", numbers(1));
  const reads = burst(log);
  for (let n = 0; n < BURST; n++) assert.is((await reads.read("a", cursor)).messages.length, 0);
  const waiting = reads.read("a", cursor);
  assert.is(log.reads, BURST, "it waits");
  await log.append("a", numbers(1));
  const [second, third] = await Promise.all([waiting, reads.read("a", cursor)]);
  assert.is(second?.messages.length, 1);
  assert.is(second, third, "one read for both");
  await log.remove("a");
  const refused = await reads.read("a", cursor).catch((error) => error.code);
  assert.is(refused, "gap");
});

test("positions and channels do not wait for each other, and a burst is over after a second", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(2));
  const reads = burst(log);
  for (let n = 0; n < BURST; n++) await reads.read("a", cursors[0] ?? "");
  await Promise.all([reads.read("a", cursors[1] ?? ""), reads.read("b", "start"), reads.read("a", "start")]);
  assert.is(log.reads, BURST + 3);
  const pages: Promise<unknown>[] = [];
  await until(() => {
    const before = log.reads;
    pages.push(reads.read("a", cursors[0] ?? ""));
    return log.reads > before;
  }, "a read is served at once again");
  await Promise.all(pages);
});

test("if the log knows its revision, ten thousand returning callers cause one read for each position", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(300));
  const reads = known(log);
  const positions = [cursors[0], cursors[150], cursors[290]] as string[];
  for (let wave = 0; wave < 10; wave++) {
    const pages = Array.from({ length: 1_000 }, (_, n) => reads.read("a", positions[n % 3] ?? ""));
    for (const [n, page] of (await Promise.all(pages)).entries()) assert.is(page.from, positions[n % 3]);
  }
  assert.is(log.reads, 3);
});

test("a page is kept until a publish, close, drop or removal, and a failure is never kept", async () => {
  let nowMs = 0;
  const log = new WatchedLog({ retention: { maxAgeMs: 10 }, now: () => nowMs });
  const { cursor } = await log.append("a", numbers(1));
  nowMs = 3;
  await log.append("a", numbers(1, 1));
  const reads = known(log);
  const read = () => reads.read("a", cursor).then(({ messages, closed }) => [messages.length, closed]);
  const failure = () => reads.read("a", cursor).catch((error) => error.code);
  assert.equal(await read(), [1, false]);
  nowMs = 5;
  await log.append("a", numbers(1, 2));
  assert.equal(await read(), [2, false]);
  await log.append("a", [], { close: true });
  assert.equal(await read(), [2, true]);
  log.down = true;
  assert.equal(await read(), [2, true], "nothing has changed");
  nowMs = 11; // retention causes no wake-up
  assert.is(await failure(), "unavailable");
  log.down = false;
  assert.equal(await read(), [2, true], "the position before the oldest message is valid");
  nowMs = 14;
  assert.is(await failure(), "gap");
  const { cursor: next } = await log.read("a", "end", { maxMessages: 1 });
  assert.is((await reads.read("a", next)).closed, true);
  await log.remove("a");
  assert.is(await reads.read("a", next).catch((error) => error.code), "gap");
});

test("a page is kept while it is requested, and then dropped", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(2));
  const reads = known(log);
  const read = () => reads.read("a", cursors[0] ?? "");
  await read();
  const started = performance.now();
  let asked = 0;
  await until(() => {
    void read();
    asked += 1;
    return performance.now() - started > 2_500;
  }, "two windows are over");
  assert.ok(asked > 3);
  assert.is(log.reads, 1);
  const left = performance.now();
  await until(() => performance.now() - left > 2_500, "two windows without a request");
  await read();
  assert.is(log.reads, 2);
});

test("large pages are kept up to a size limit; others are read again", async () => {
  const log = new WatchedLog();
  const large = Array.from({ length: 80 }, () => ({ json: `"${"x".repeat(250_000)}"` }));
  const { cursors } = await log.append("a", large);
  const reads = known(log);
  const positions = cursors.slice(0, 50);
  for (const cursor of positions) await reads.read("a", cursor);
  assert.is(log.reads, 50);
  for (const cursor of positions) await reads.read("a", cursor);
  assert.is(log.reads, 50 + 50 - Math.floor((8 * 1024 * 1024) / 250_002));
});

test("the number of kept pages is limited; others are read again", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(1_001));
  const reads = known(log);
  for (let round = 0; round < 2; round++) for (const cursor of cursors) await reads.read("a", cursor);
  assert.is(log.reads, 1_002);
});

test.run();

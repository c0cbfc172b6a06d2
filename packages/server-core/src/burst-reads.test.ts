import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../test/drafts.ts";
import { until } from "../test/serving.ts";
import { WatchedLog } from "../test/watched-log.ts";
import { BurstReads } from "./burst-reads.ts";
import { FEED_READ } from "./feed.ts";

function burst(log: WatchedLog): BurstReads {
  return new BurstReads((channel, from) => log.read(channel, from, FEED_READ));
}

test("a thousand who come at once stand at three positions, and each is read twice at most", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(300));
  const reads = burst(log);
  const positions = [cursors[0], cursors[150], cursors[290]] as string[];
  const pages = [];
  for (let n = 0; n < 1_000; n++) pages.push(reads.read("a", positions[n % 3] ?? ""));
  for (const [n, page] of (await Promise.all(pages)).entries()) assert.is(page.from, positions[n % 3]);
  assert.is(log.reads, 6);
});

test("the first is served at once; whoever comes later sees what came before him", async () => {
  const log = new WatchedLog();
  const { cursor } = await log.append("a", numbers(1));
  const reads = burst(log);
  assert.is((await reads.read("a", cursor)).messages.length, 0);
  await log.append("a", numbers(1));
  const [second, third] = await Promise.all([reads.read("a", cursor), reads.read("a", cursor)]);
  assert.is(second?.messages.length, 1);
  assert.is(second, third, "one read for both");
  await log.remove("a");
  const refused = await reads.read("a", cursor).catch((error) => error.code);
  assert.is(refused, "gap");
});

test("positions and channels do not wait for each other, nor does who comes after the pause", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(2));
  const reads = burst(log);
  const started = performance.now();
  await reads.read("a", cursors[0] ?? "");
  await Promise.all([reads.read("a", cursors[1] ?? ""), reads.read("b", "start"), reads.read("a", "start")]);
  assert.is(log.reads, 4);
  await until(() => performance.now() - started > 150, "the pause is over");
  await reads.read("a", cursors[0] ?? "");
  assert.is(log.reads, 5);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../test/drafts.ts";
import { WatchedLog } from "../test/watched-log.ts";
import { FEED_READ } from "./feed.ts";
import { Feeds } from "./feeds.ts";
import { RecentReads } from "./recent-reads.ts";

function pageOf(from: string, text = "1") {
  return { messages: [{ cursor: "z", json: text }], from, cursor: "z", more: true, closed: false };
}

test("pages are found by where they begin, within the bounds, until all are forgotten", () => {
  const recent = new RecentReads();
  const first = pageOf("a");
  recent.remember(first);
  recent.remember(pageOf("a"));
  assert.is(recent.after("a"), first);
  recent.remember(pageOf("large", "x".repeat(4 * 1_024 * 1_024)));
  assert.is(recent.after("large"), undefined);
  for (let n = 0; n < 100; n++) recent.remember(pageOf(String(n)));
  assert.ok(recent.after("10"));
  assert.is(recent.after("99"), undefined);
  recent.forget();
  assert.is(recent.after("a"), undefined);
});

test("a thousand who come back stand at few positions, and each is read once until something changes", async () => {
  const log = new WatchedLog();
  const { cursors } = await log.append("a", numbers(3_000));
  const feeds = new Feeds(log, { heartbeatMs: 60_000, lingerMs: 0, onError: () => undefined });
  const reader = await feeds.join("a");
  const positions = [cursors[0], cursors[1_500], cursors[2_990]] as string[];
  const before = log.reads;
  for (let n = 0; n < 1_000; n++) {
    const page = await reader.read(positions[n % 3] ?? "");
    assert.is(page?.from, positions[n % 3]);
  }
  assert.is(log.reads - before, 3);
  await log.append("a", numbers(1));
  const fresh = await log.read("a", positions[2] ?? "", FEED_READ);
  for (let page = await reader.read(positions[2] ?? ""); ; page = await reader.read(positions[2] ?? "")) {
    if (page?.cursor === fresh.cursor) break;
    await new Promise((resolve) => setImmediate(resolve)); // the feed learns of it within some turns
  }
  reader.close();
});

test.run();

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers, readAll } from "../../../../testing/logs/drafts.ts";
import { WatchedLog } from "../../../../testing/logs/watched-log.ts";
import { nextOf } from "../../test/next.ts";
import { FEED_READ } from "./feed.ts";
import { Feeds } from "./feeds.ts";

/** One step of the schedule. */
type Step =
  | { readonly type: "append"; readonly count: number }
  | { readonly type: "join"; readonly from: "start" | "end" | "middle" }
  | { readonly type: "turn"; readonly turns: number }
  | { readonly type: "deaf"; readonly deaf: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("append" as const), count: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("join" as const),
      from: fc.constantFrom("start", "end", "middle"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("turn" as const), turns: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("deaf" as const), deaf: fc.boolean() }) },
);

interface OpenStream {
  readonly from: string;
  readonly cursors: string[];
  readonly done: Promise<void>;
}

/** Follow a channel as a stream does: its first page, then the feed, up to the end of the channel. */
async function follow(feeds: Feeds, position: string): Promise<OpenStream> {
  const page = await feeds.reads.read("a", position, FEED_READ);
  const cursors = page.messages.map(({ cursor }) => cursor);
  const run = async (): Promise<void> => {
    if (page.closed) return;
    const reader = await feeds.join("a");
    for (let cursor = page.cursor; ; ) {
      const news = await nextOf(reader, cursor);
      if (news.type !== "page") throw new Error(`unexpected ${news.type}`);
      assert.is(news.page.from, cursor, "a page begins at the reader's cursor");
      cursors.push(...news.page.messages.map((message) => message.cursor));
      cursor = news.page.cursor;
      if (news.page.closed) break;
    }
    reader.close();
  };
  return { from: page.from, cursors, done: run() };
}

async function positionOf(log: WatchedLog, from: "start" | "end" | "middle"): Promise<string> {
  if (from !== "middle") return from;
  const { messages } = await log.read("a", "start", { maxMessages: 1_000 });
  return messages[messages.length >> 1]?.cursor ?? "start";
}

async function runSchedule(steps: readonly Step[]): Promise<void> {
  const log = new WatchedLog();
  const feeds = new Feeds(log, {
    heartbeatMs: 60_000,
    lingerMs: 0,
    onError: (error) => assert.unreachable(String(error)),
  });
  const followers: Promise<OpenStream>[] = [];
  const appends: Promise<unknown>[] = [];
  for (const one of steps) {
    // Appends and joins are started without waiting, so that they interleave in every possible way.
    if (one.type === "append") appends.push(log.append("a", numbers(one.count)));
    else if (one.type === "join") followers.push(positionOf(log, one.from).then((at) => follow(feeds, at)));
    else if (one.type === "deaf") log.deaf = one.deaf;
    else for (let n = 0; n < one.turns; n++) await new Promise((resolve) => setImmediate(resolve));
  }
  const joined = await Promise.all(followers);
  await Promise.all(appends);
  log.deaf = false;
  await log.append("a", [], { close: true });
  await Promise.all(joined.map(({ done }) => done));
  for (const { from, cursors } of joined) {
    const plain = await readAll(log, "a", from);
    assert.equal(
      cursors,
      plain.map(({ cursor }) => cursor),
    );
  }
  assert.is(feeds.size, 0);
  assert.is(log.watches, 0);
}

test("followers get exactly the messages of plain pages, however joins and appends interleave", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), runSchedule), { numRuns: 300 });
});

test.run();

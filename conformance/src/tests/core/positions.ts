import type { Query, TestContext } from "../../context/context.ts";
import { Follower } from "../../context/follow.ts";
import { cursorsOf, endOf, fill, readOn, readUntil, record, type Way, waysOf } from "../../context/log.ts";
import { readOnce } from "../../context/read-once.ts";
import { draft } from "../../drive/driver.ts";
import { claim, same, sameList } from "../../model/claim.ts";
import type { Message } from "../../read/page.ts";
import { served } from "../../read/served.ts";
import { isMessage } from "../../read/stream.ts";
import type { TestDefinition } from "../../run/definition.ts";
import type { Channel } from "../../run/target.ts";
import type { Block } from "../../wire/event-stream.ts";
import { jsonText } from "../../wire/json.ts";

/** More than nine, so that cursors that are compared as text show it. */
const MANY = 12;

/** Messages that are published while a reader begins. */
const JOIN_COUNT = 40;

/** How long a stream may take to carry them once all are published; a lagging process gives it longer. */
const JOIN_STEP_MS = 4_000;

function need(way: Way): "poll" | "long-poll" | "sse" {
  return way === "sse-header" ? "sse" : way;
}

/** After each of many cursors, exactly what follows. */
function exactlyWhatFollows(way: Way, name: string): TestDefinition {
  return {
    id: `server/core/reads-exactly-what-follows-by-${way}`,
    title: `After each of ${MANY} cursors, a read ${name} yields exactly the messages that follow, in order`,
    requirements: ["CORE-POSITION-1"],
    needs: [need(way), "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const all: string[] = [];
      for (let part = 0; part < MANY / 3; part += 1)
        all.push(...cursorsOf(await record(t, channel, 3, all.at(-1) ?? (await endOf(t, channel)))));
      t.need(same("different cursors", new Set(all).size, all.length));
      const last = all.at(-1) ?? "";
      for (const [index, cursor] of all.slice(0, -1).entries()) {
        const read = await readUntil(t, channel, way, cursor, last);
        const follow = sameList(`messages after cursor ${index + 1}`, cursorsOf(read), all.slice(index + 1));
        if (!t.check("CORE-POSITION-1", follow)) return;
      }
    },
  };
}

/** A reader that begins while messages are published gets each once: no seam between replay and live. */
function joinsWhilePublishing(way: Way, name: string): TestDefinition {
  return {
    id: `server/core/joins-while-publishing-by-${way}`,
    title: `A reader ${name} that begins while messages are published gets each once and in order`,
    requirements: ["CORE-POSITION-1"],
    needs: [need(way), "publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      let isOver = false;
      const publishing = publishAll(t, channel).finally(() => {
        isOver = true;
      });
      const reading =
        way === "sse"
          ? streamWhile(t, channel, before, () => isOver)
          : pollWhile(t, channel, way, before, () => isOver);
      const [, data] = await Promise.all([publishing, reading]);
      const expected = Array.from({ length: JOIN_COUNT }, (_, index) => String(index + 1));
      t.check(
        "CORE-POSITION-1",
        sameList("data of the reader", data, expected),
        t.exchanges.find(({ request }) => request.method === "GET"),
      );
    },
  };
}

/** Read by SSE, until all has come or a while that began when all was published is over. */
async function streamWhile(
  t: TestContext,
  channel: Channel,
  after: string,
  isOver: () => boolean,
): Promise<string[]> {
  const reader = await Follower.open(t, channel, after);
  const hasAll = (blocks: readonly Block[]): boolean => blocks.filter(isMessage).length >= JOIN_COUNT;
  for (let isLast = false; !isLast; ) {
    const isAfterAll = isOver();
    isLast = (await reader.until(hasAll, JOIN_STEP_MS)) || isAfterAll;
  }
  return reader.blocks.filter(isMessage).map((block) => block.data ?? "");
}

/** Read page after page, until all has come or one that was asked for when all was published brings nothing. */
async function pollWhile(
  t: TestContext,
  channel: Channel,
  way: Way,
  after: string,
  isOver: () => boolean,
): Promise<string[]> {
  const data: string[] = [];
  let position = after;
  for (let isLast = false; data.length < JOIN_COUNT && !isLast; ) {
    const isAfterAll = isOver();
    const page = await t.page(channel, { after: position, ...(way === "long-poll" ? { wait: 1 } : {}) });
    data.push(...page.messages.map((message) => jsonText(message.data)));
    position = page.cursor;
    isLast = isAfterAll && page.messages.length === 0;
  }
  return data;
}

async function publishAll(t: TestContext, channel: Channel): Promise<void> {
  for (let value = 1; value <= JOIN_COUNT; value += 1) await t.publish(channel, [draft(value)]);
}

/** Where reads begin, and what they yield. */
export const positionTests: readonly TestDefinition[] = [
  exactlyWhatFollows("poll", "by polling"),
  exactlyWhatFollows("long-poll", "by long polling"),
  exactlyWhatFollows("sse", "by SSE with after"),
  exactlyWhatFollows("sse-header", "by SSE with Last-Event-ID"),
  joinsWhilePublishing("poll", "by polling"),
  joinsWhilePublishing("long-poll", "by long polling"),
  joinsWhilePublishing("sse", "by SSE"),
  {
    id: "server/core/reads-from-the-start-without-a-position",
    title: "A read without a position begins at start, in every mechanism",
    requirements: ["CORE-POSITION-2"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 3);
      for (const way of waysOf(t)) {
        if (way === "sse-header") continue;
        const [none, start] = [
          await beginning(t, channel, way, {}),
          await beginning(t, channel, way, { after: "start" }),
        ];
        const what = `where a read by ${way} without a position begins, beside one at start`;
        t.check("CORE-POSITION-2", same(what, none, start));
      }
    },
  },
  {
    id: "server/core/start-is-before-the-oldest",
    title: "A read at start begins before the oldest message, in every mechanism",
    requirements: ["CORE-POSITION-3"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const all = cursorsOf(await fill(t, channel, 3));
      for (const way of waysOf(t)) {
        if (way === "sse-header") continue;
        const read = await readUntil(t, channel, way, "start", all[2] ?? "");
        t.check("CORE-POSITION-3", sameList(`messages from start by ${way}`, cursorsOf(read), all));
      }
    },
  },
  {
    id: "server/core/end-is-after-the-newest",
    title: "A read at end begins after the newest message, and yields what comes from then on",
    requirements: ["CORE-POSITION-4"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const old = cursorsOf(await fill(t, channel, 3));
      for (const way of waysOf(t)) {
        if (way === "sse-header") continue;
        const position =
          way === "sse" ? await streamBeginning(t, channel) : await pageCursor(t, channel, way);
        t.check("CORE-POSITION-4", same(`where a read at end begins by ${way}`, position, old.at(-1)));
        old.push(...cursorsOf(await fill(t, channel, 1)));
      }
    },
  },
  {
    id: "server/core/reads-what-was-published-before",
    title: "A read that begins after a publish was answered has its messages, in every mechanism",
    requirements: ["CORE-POSITION-5"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const before = await endOf(t, channel);
      let value = 0;
      for (let round = 1; round <= 2; round += 1)
        for (const way of waysOf(t)) {
          value += 1;
          await t.publish(channel, [draft(value)]);
          const data = await dataUntil(t, channel, way, before, String(value));
          const what = `message ${value} in a read by ${way}`;
          t.check("CORE-POSITION-5", claim(data.includes(String(value)), what, "there", data));
        }
    },
  },
  {
    id: "server/core/first-cursor-of-an-empty-channel-stays-good",
    title: "The cursor that was given before anything was published misses nothing that comes",
    requirements: ["CORE-POSITION-6"],
    needs: ["publish", "channels"],
    async run(t) {
      const channel = t.channel();
      const first = await endOf(t, channel);
      for (let round = 1; round <= 3; round += 1) {
        await t.publish(channel, [draft(round)]);
        for (const way of waysOf(t)) {
          const exchange = await readOnce(t, channel, way, first);
          if (!t.check("CORE-POSITION-6", served(`the answer by ${way} to the first cursor`, exchange)))
            continue;
          const data = await dataUntil(t, channel, way, first, String(round));
          const what = `message ${round} in a read by ${way} from the first cursor`;
          t.check("CORE-POSITION-6", claim(data.includes(String(round)), what, "there", data));
        }
      }
    },
  },
];

async function streamBeginning(t: TestContext, channel: Channel): Promise<string | undefined> {
  const stream = await t.openStream(channel, { after: "end" });
  stream.exchange.abort();
  return stream.blocks[0]?.id;
}

async function pageCursor(t: TestContext, channel: Channel, way: Way): Promise<string> {
  const page = await t.page(channel, { after: "end", ...(way === "long-poll" ? { wait: 1 } : {}) });
  return page.cursor;
}

/** Data of what is read until this comes, or all is read. */
async function dataUntil(
  t: TestContext,
  channel: Channel,
  way: Way,
  after: string,
  last: string,
): Promise<string[]> {
  const isThere = (messages: readonly Message[]): boolean =>
    messages.some((message) => jsonText(message.data) === last);
  const read = await readOn(t, channel, way, after, isThere);
  return read.map((message) => jsonText(message.data));
}

/** Where a read begins: the first id of a stream, the first message of a page. */
async function beginning(
  t: TestContext,
  channel: Channel,
  way: Way,
  query: Query,
): Promise<string | undefined> {
  if (way === "sse") {
    const stream = await t.openStream(channel, query);
    stream.exchange.abort();
    return stream.blocks[0]?.id;
  }
  const page = await t.page(channel, { ...query, ...(way === "long-poll" ? { wait: 1 } : {}) });
  return page.messages[0]?.cursor;
}

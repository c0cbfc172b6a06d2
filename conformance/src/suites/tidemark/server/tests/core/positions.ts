import { draft } from "../../../../../engine/drive/driver.ts";
import { claim, same, sameList } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import type { Message } from "../../../read/page.ts";
import { served } from "../../../read/served.ts";
import type { Query, TestContext } from "../../context/context.ts";
import {
  cursorsOf,
  endOf,
  fill,
  fillInParts,
  mechanismOf,
  readOn,
  readOnce,
  readUntil,
  type Way,
  waysOf,
} from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** More than nine, to catch servers that compare cursors as text. */
const MANY = 12;

/** A read after each of many cursors returns exactly the messages that follow it. */
function exactlyWhatFollows(way: Way, name: string): TestDefinition {
  return {
    id: `server/core/reads-exactly-what-follows-by-${way}`,
    title: `A read ${name} after each of ${MANY} cursors returns exactly the messages that follow it, in order`,
    requirements: ["CORE-POSITION-1"],
    needs: [mechanismOf(way), "messages"],
    async run(t) {
      const channel = t.channel();
      const all = cursorsOf(await fillInParts(t, channel, MANY, 3));
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

/** Where reads begin, and what they return. */
export const positionTests: readonly TestDefinition[] = [
  exactlyWhatFollows("poll", "by polling"),
  exactlyWhatFollows("long-poll", "by long polling"),
  exactlyWhatFollows("sse", "by SSE with after"),
  exactlyWhatFollows("sse-header", "by SSE with Last-Event-ID"),
  {
    id: "server/core/reads-from-the-start-without-a-position",
    title: "A read without a position begins at start, in every mechanism",
    requirements: ["CORE-POSITION-2"],
    needs: ["messages"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 3);
      for (const way of waysOf(t)) {
        if (way === "sse-header") continue;
        const [none, start] = [
          await beginning(t, channel, way, {}),
          await beginning(t, channel, way, { after: "start" }),
        ];
        const what = `where a read by ${way} without a position begins, compared with after=start`;
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
    title: "A read at end begins after the newest message, in every mechanism",
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
    title: "A read that starts after a publish was answered returns its messages, in every mechanism",
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
          t.check("CORE-POSITION-5", claim(data.includes(String(value)), what, "present", data));
        }
    },
  },
  {
    id: "server/core/first-cursor-of-an-empty-channel-stays-good",
    title: "A reader that resumes from the cursor of an empty channel misses nothing that is published later",
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
          t.check("CORE-POSITION-6", claim(data.includes(String(round)), what, "present", data));
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

/** The data of the messages up to this one, or of all messages if it does not come. */
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

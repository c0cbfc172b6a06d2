import type { Log } from "@tidemark/log";
import type { RawPage } from "@tidemark/protocol";
import { readPages, within } from "../peer/change-answers.ts";
import { arriving } from "../peer/change-http.ts";
import { loggedPages, placeOf } from "../peer/change-log.ts";
import { both } from "../peer/parts.ts";
import { pageWith, spelling } from "../peer/spelling.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers whose cursors, or whose order, are wrong. */
export const cursorMutants: readonly Mutant[] = [
  {
    id: "cursors-of-200-characters",
    title: "mints cursors of 200 characters",
    breaks: ["CORE-CURSOR-1"],
    ...spelling({
      write: (cursor) => `${cursor}~`.padEnd(200, "x"),
      read: (text) => (/^[^~]*~x*$/.test(text) && text.length === 200 ? text.replace(/~x*$/, "") : text),
    }),
  },
  {
    id: "two-spellings-of-a-position",
    title: "spells cursors otherwise when the read has a filter",
    breaks: ["CORE-CURSOR-2"],
    ...both(
      within(["poll"], (channel, { read }) => ({
        read: async (from, options) => {
          const page = await channel.read(from, options);
          return read.events ? pageWith(page, (cursor) => `${cursor}~f`) : page;
        },
      })),
      arriving((ctx) => {
        ctx.querystring = ctx.querystring.replace(/~f\b/g, "");
      }),
    ),
  },
  {
    id: "published-together-share-a-cursor",
    title: "gives messages of the same moment the same cursor",
    breaks: ["CORE-CURSOR-3"],
    collateral: because(
      "a read after a shared cursor skips what shares it",
      "CORE-POSITION-1",
      "POLL-PAGE-2",
      "LP-WAIT-1",
      "SSE-STREAM-6",
      "SSE-CLOSED-3",
      "SSE-RESUME-1",
      "SSE-RESUME-2",
      "PUB-DONE-3",
    ),
    ...loggedPages(sharing),
  },
  {
    id: "cursor-space-used-again",
    title: "uses the cursors of a removed channel again when it comes back",
    breaks: ["CORE-CHANNEL-4", "CORE-CURSOR-3", "CORE-GAP-1", "CORE-GAP-2"],
    ...spelling({ write: (cursor) => `n.${placeOf(cursor)}`, read: findPlace }),
  },
  {
    id: "filtered-reads-know-only-what-they-keep",
    title: "refuses a cursor in a filtered read if the filter drops its message",
    breaks: ["CORE-CURSOR-4"],
    ...within(["poll", "long-poll", "sse"], (channel, { read: { events } }) => ({
      read: async (from, options) => {
        const all = await channel.read("start", { maxMessages: 10_000 });
        const own = all.messages.find(({ cursor }) => cursor === from);
        const isDropped =
          events !== undefined && own !== undefined && !events.includes(own.event ?? "message");
        return channel.read(isDropped ? "dropped.1" : from, options);
      },
    })),
  },
  {
    id: "order-differs-between-mechanisms",
    title: "streams replay what was published together last first",
    breaks: ["CORE-CHANNEL-1", "CORE-POSITION-1"],
    collateral: because("the last message is not the newest", "CORE-POSITION-5"),
    ...readPages(["sse"], (page) => {
      const tags = [...new Set(page.messages.map(({ cursor }) => tagOf(cursor)))].reverse();
      return {
        ...page,
        messages: tags.flatMap((tag) => page.messages.filter(({ cursor }) => tagOf(cursor) === tag)),
      };
    }),
  },
];

/** What the cursors of one append have in common. */
function tagOf(cursor: string): string {
  return cursor.split(".")[2] ?? "";
}

/** Messages of one append bear the cursor of the last of them. */
function sharing(page: RawPage): RawPage {
  const last = new Map(page.messages.map(({ cursor }) => [tagOf(cursor), cursor]));
  const messages = page.messages.map((message) => ({
    ...message,
    cursor: last.get(tagOf(message.cursor)) ?? message.cursor,
  }));
  return { ...page, messages };
}

/** The log's cursor at a place of the channel's present life. */
export async function findPlace(text: string, channel: string, log: Log): Promise<string> {
  const place = Number(/^n\.(\d+)$/.exec(text)?.[1] ?? Number.NaN);
  const { from, messages } = await log.read(channel, "start", { maxMessages: 10_000 });
  const cursors = [from, ...messages.map(({ cursor }) => cursor)];
  return cursors.find((cursor) => placeOf(cursor) === place) ?? text;
}

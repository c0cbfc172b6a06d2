import type { Log } from "@tidemark/log";
import type { RawPage } from "@tidemark/protocol";
import { readPages, within } from "../peer/change-answers.ts";
import { arriving } from "../peer/change-http.ts";
import { loggedPages, logging, placeOf } from "../peer/change-log.ts";
import { both, type Parts } from "../peer/parts.ts";
import { pageWith, spelling } from "../peer/spelling.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers with wrong cursors or a wrong order. */
export const cursorMutants: readonly Mutant[] = [
  {
    id: "cursors-begin-with-a-tilde",
    title: "mints cursors that begin with a tilde, which is reserved for cursors of several channels",
    breaks: ["CORE-CURSOR-1"],
    ...spelling({ write: (cursor) => `~${cursor}`, read: (text) => text.replace(/^~/, "") }),
  },
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
    title: "spells cursors differently when the read has a filter",
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
    title: "gives messages that were published together the same cursor",
    breaks: ["CORE-CURSOR-3"],
    collateral: because("a page that ends inside a publish continues behind it", "POLL-PAGE-2"),
    ...loggedPages(sharing),
  },
  {
    id: "cursor-space-used-again",
    title: "reuses the cursors of a removed channel when the channel comes back",
    breaks: ["CORE-CHANNEL-4", "CORE-CURSOR-3", "CORE-CURSOR-8"],
    ...spelling({ write: (cursor) => `n.${placeOf(cursor)}`, read: findPlace }),
  },
  {
    id: "counter-for-each-channel",
    title:
      "counts the messages of each channel from one, and encodes nothing else of the channel in the cursor",
    breaks: ["CORE-CURSOR-8"],
    ...counting(),
  },
  {
    id: "filtered-reads-know-only-what-they-keep",
    title: "rejects a cursor in a filtered read if the filter drops the cursor's message",
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
    title: "replays batches newest first on streams",
    breaks: ["CORE-CHANNEL-1", "CORE-POSITION-1"],
    collateral: because(
      "the last message of a stream is not the newest",
      "CORE-POSITION-5",
      "CORE-POSITION-6",
    ),
    ...readPages(["sse"], (page) => {
      const tags = [...new Set(page.messages.map(({ cursor }) => tagOf(cursor)))].reverse();
      return {
        ...page,
        messages: tags.flatMap((tag) => page.messages.filter(({ cursor }) => tagOf(cursor) === tag)),
      };
    }),
  },
];

/** The part that the cursors of one append share. */
function tagOf(cursor: string): string {
  return cursor.split(".")[2] ?? "";
}

/** All messages of an append get the cursor of its last message. */
function sharing(page: RawPage): RawPage {
  const last = new Map(page.messages.map(({ cursor }) => [tagOf(cursor), cursor]));
  const messages = page.messages.map((message) => ({
    ...message,
    cursor: last.get(tagOf(message.cursor)) ?? message.cursor,
  }));
  return { ...page, messages };
}

/** The log's own cursor for the place in `text`, in the channel's current epoch. */
async function findPlace(text: string, channel: string, log: Log): Promise<string> {
  const place = Number(/^n\.(\d+)$/.exec(text)?.[1] ?? Number.NaN);
  const { from, messages } = await log.read(channel, "start", { maxMessages: 10_000 });
  const cursors = [from, ...messages.map(({ cursor }) => cursor)];
  return cursors.find((cursor) => placeOf(cursor) === place) ?? text;
}

/** Cursors that differ between the epochs of a channel, but not between channels. */
function counting(): Parts {
  const lives = new Map<string, number>();
  const lifeOf = new Map<string, number>();
  const life = (channel: string): number => lives.get(channel) ?? 0;
  return both(
    logging((log) => ({
      async remove(channel) {
        const existed = await log.remove(channel);
        if (existed) lives.set(channel, life(channel) + 1);
        return existed;
      },
      async read(channel, from, options) {
        const page = await log.read(channel, from, options);
        lifeOf.set(epochOf(page.from), life(channel));
        return page;
      },
    })),
    spelling({
      write: (cursor) => `${lifeOf.get(epochOf(cursor)) ?? 0}n.${placeOf(cursor)}`,
      read: async (text, channel, log) => {
        const [number, place] = text.split("n.");
        return Number(number) === life(channel) ? findPlace(`n.${place}`, channel, log) : text;
      },
    }),
  );
}

function epochOf(cursor: string): string {
  return cursor.split(".")[0] ?? "";
}

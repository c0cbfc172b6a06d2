import type { Log } from "@tidemark/log";
import type { RawPage } from "@tidemark/protocol";
import { mechanism, readPages, streams, within } from "../peer/change-answers.ts";
import { arriving } from "../peer/change-http.ts";
import { loggedPages, placeOf } from "../peer/change-log.ts";
import { both, type Parts } from "../peer/parts.ts";
import { pageWith, spelling } from "../peer/spelling.ts";
import type { Mutant } from "./mutant.ts";

/** Servers whose cursors, or whose order, are wrong. */
export const cursorMutants: readonly Mutant[] = [
  {
    id: "cursors-of-200-characters",
    title: "mints cursors of 200 characters",
    breaks: ["CORE-CURSOR-1"],
    ...spelling({
      write: (cursor) => `${cursor}~`.padEnd(200, "x"),
      read: (text) => text.split("~")[0] ?? text,
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
    ...loggedPages(sharing),
  },
  {
    id: "cursor-space-used-again",
    title: "uses the cursors of a removed channel again when it comes back",
    breaks: ["CORE-CHANNEL-4", "CORE-CURSOR-3"],
    ...spelling({ write: (cursor) => `n.${placeOf(cursor)}`, read: findPlace }),
  },
  {
    id: "streams-know-only-their-own-ids",
    title: "takes a cursor in Last-Event-ID only if a stream gave it out",
    breaks: ["CORE-CURSOR-4"],
    ...ownIds(),
  },
  {
    id: "order-differs-between-mechanisms",
    title: "streams replay what was published together last first",
    breaks: ["CORE-CHANNEL-1", "CORE-POSITION-1"],
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
async function findPlace(text: string, channel: string, log: Log): Promise<string> {
  const place = Number(/^n\.(\d+)$/.exec(text)?.[1] ?? Number.NaN);
  const { from, messages } = await log.read(channel, "start", { maxMessages: 10_000 });
  const cursors = [from, ...messages.map(({ cursor }) => cursor)];
  return cursors.find((cursor) => placeOf(cursor) === place) ?? text;
}

function ownIds(): Parts {
  const known = new Set<string>();
  return both(
    streams(async function* (body) {
      for await (const chunk of body) {
        for (const [, id = ""] of Buffer.from(chunk)
          .toString()
          .matchAll(/^id: (.*)$/gm))
          known.add(id);
        yield chunk;
      }
    }),
    mechanism(["sse"], ({ answer }) => ({
      answer: (request, channel) => {
        const { lastEventId } = request.read;
        const isOwn = lastEventId === undefined || known.has(lastEventId);
        return answer(
          isOwn ? request : { ...request, read: { ...request.read, lastEventId: "not.1" } },
          channel,
        );
      },
    })),
  );
}

import { hearing, reading, readPages, within } from "../peer/change-answers.ts";
import { loggedPages, logging, placeOf } from "../peer/change-log.ts";
import { both, type Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** How long a careless join to the live messages takes. */
const SEAM_MS = 1_000;

/** More messages than any channel of the suite has. */
const ALL = { maxMessages: 10_000 };

/** Servers whose reads begin at the wrong place, or lose or repeat messages. */
export const positionMutants: readonly Mutant[] = [
  {
    id: "cursors-compared-as-text",
    title: "compares cursors as text, so that the tenth message comes before the second",
    breaks: ["CORE-POSITION-1"],
    ...loggedPages((page, from) => {
      const place = String(placeOf(from) ?? "");
      const later = page.messages.filter(({ cursor }) => String(placeOf(cursor)) > place);
      return { ...page, messages: later };
    }),
  },
  {
    id: "resume-is-inclusive",
    title: "a stream resumes with the message that the cursor stands after",
    breaks: ["CORE-POSITION-1"],
    ...within(["sse"], (channel) => ({
      read: async (from, options) => {
        const page = await channel.read(from, options);
        const all = await channel.read("start", options);
        const last = all.messages.filter(({ cursor }) => cursor === from);
        return { ...page, messages: [...last, ...page.messages] };
      },
    })),
  },
  {
    id: "messages-destroyed-when-read",
    title: "destroys a message when it was handed on to a stream; who was cut off has lost it",
    breaks: ["CORE-POSITION-1"],
    collateral: because(
      "a stream that is opened again has nothing left to carry",
      "CORE-POSITION-2",
      "CORE-POSITION-6",
      "CORE-FILTER-1",
      "SSE-RESUME-1",
    ),
    ...destroying(),
  },
  {
    id: "gap-between-replay-and-live",
    title: "loses what is published between a stream's replay and its joining the live messages",
    breaks: ["CORE-POSITION-1", "SSE-MESSAGE-2", "SSE-STREAM-6"],
    ...hearing(["sse"], (news, { count, ageMs }) =>
      news.type === "page" && count === 0 && ageMs < SEAM_MS
        ? { ...news, page: { ...news.page, messages: [] } }
        : news,
    ),
  },
  {
    id: "overlap-of-replay-and-live",
    title: "repeats the last replayed message when a stream joins the live ones",
    breaks: ["CORE-POSITION-1"],
    ...hearing(["sse"], (news, { count, replayed }) => {
      if (news.type !== "page" || count > 0) return news;
      const last = replayed?.messages.slice(-1) ?? [];
      return { ...news, page: { ...news.page, messages: [...last, ...news.page.messages] } };
    }),
  },
  {
    id: "reads-begin-at-the-end",
    title: "a read without a position begins at the end",
    breaks: ["CORE-POSITION-2"],
    ...reading(["poll", "long-poll", "sse"], ({ after }) => ({ after: after ?? "end" })),
  },
  {
    id: "start-leaves-the-oldest-out",
    title: "a read at start begins after the oldest message",
    breaks: ["CORE-POSITION-3"],
    ...loggedPages((page, from) =>
      from === "start" && page.messages.length > 1 ? { ...page, messages: page.messages.slice(1) } : page,
    ),
  },
  {
    id: "end-is-before-the-newest",
    title: "a read at end begins before the newest message",
    breaks: ["CORE-POSITION-4"],
    collateral: because("a stream that begins at end begins there too", "SSE-OPEN-2"),
    ...logging((log) => ({
      async read(channel, from, options) {
        if (from !== "end") return log.read(channel, from, options);
        const all = await log.read(channel, "start", ALL);
        return log.read(channel, all.messages.at(-2)?.cursor ?? all.from, options);
      },
    })),
  },
  {
    id: "reads-lag-behind",
    title: "polls a copy of the log that has the newest publish only at the second look",
    breaks: ["CORE-POSITION-5"],
    collateral: because("the last message is not yet read when its test ends", "POLL-PAGE-2"),
    ...laggingReads(),
  },
  {
    id: "first-cursor-dies-with-the-first-message",
    title: "makes the cursor of an empty channel a gap once something was published",
    breaks: ["CORE-POSITION-6", "CORE-GAP-3"],
    ...logging((log) => ({
      async read(channel, from, options) {
        if (placeOf(from) !== 0) return log.read(channel, from, options);
        const { messages } = await log.read(channel, "start", { maxMessages: 1 });
        return log.read(channel, messages.length > 0 ? "dead.1" : from, options);
      },
    })),
  },
];

function destroying(): Parts {
  const taken = new Set<string>();
  return readPages(["sse"], (page) => {
    const messages = page.messages.filter(({ cursor }) => !taken.has(cursor));
    for (const { cursor } of messages) taken.add(cursor);
    return { ...page, messages };
  });
}

function laggingReads(): Parts {
  const unseen = new Map<string, readonly string[]>();
  return both(
    logging((log) => ({
      async append(channel, drafts, options) {
        const done = await log.append(channel, drafts, options);
        unseen.set(channel, done.cursors);
        return done;
      },
    })),
    readPages(["poll"], (page, { channel }) => {
      const cut = page.messages.findIndex(({ cursor }) => unseen.get(channel)?.includes(cursor));
      unseen.delete(channel);
      if (cut === -1) return page;
      const messages = page.messages.slice(0, cut);
      return { ...page, messages, cursor: messages.at(-1)?.cursor ?? page.from, more: false, closed: false };
    }),
  );
}

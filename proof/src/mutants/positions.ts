import { hearing, reading, readPages, within } from "../peer/change-answers.ts";
import { loggedPages, logging, placeOf } from "../peer/change-log.ts";
import { both, type Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Live messages that arrive within this time after the replay are lost. */
const SEAM_MS = 1_000;

/** More messages than any channel of the suite has. */
const ALL = { maxMessages: 10_000 };

/** Servers whose reads start at the wrong position, or lose or repeat messages. */
export const positionMutants: readonly Mutant[] = [
  {
    id: "cursors-compared-as-text",
    title: "compares cursors as text, so that the tenth message sorts before the second",
    breaks: ["CORE-POSITION-1"],
    ...loggedPages((page, from) => {
      const place = String(placeOf(from) ?? "");
      const later = page.messages.filter(({ cursor }) => String(placeOf(cursor)) > place);
      return { ...page, messages: later };
    }),
  },
  {
    id: "resume-is-inclusive",
    title: "resumes a stream with the message at the cursor instead of the one after it",
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
    title: "destroys a message once it was sent to a stream, so a reader that was cut off loses it",
    breaks: ["CORE-POSITION-1"],
    collateral: because(
      "a stream that is opened again has no messages left to send",
      "CORE-POSITION-2",
      "CORE-POSITION-6",
      "CORE-FILTER-1",
      "SSE-RESUME-1",
    ),
    ...destroying(),
  },
  {
    id: "gap-between-replay-and-live",
    title: "loses messages published between the replay of a stream and its switch to live messages",
    breaks: ["CORE-POSITION-1", "SSE-MESSAGE-2", "SSE-STREAM-6"],
    ...hearing(["sse"], (news, { count, ageMs }) =>
      news.type === "page" && count === 0 && ageMs < SEAM_MS
        ? { ...news, page: { ...news.page, messages: [] } }
        : news,
    ),
  },
  {
    id: "overlap-of-replay-and-live",
    title: "repeats the last replayed message when a stream switches to live messages",
    breaks: ["CORE-POSITION-1"],
    ...hearing(["sse"], (news, { count, replayed }) => {
      if (news.type !== "page" || count > 0) return news;
      const last = replayed?.messages.slice(-1) ?? [];
      return { ...news, page: { ...news.page, messages: [...last, ...news.page.messages] } };
    }),
  },
  {
    id: "reads-begin-at-the-end",
    title: "starts a read without a position at the end",
    breaks: ["CORE-POSITION-2"],
    ...reading(["poll", "long-poll", "sse"], ({ after }) => ({ after: after ?? "end" })),
  },
  {
    id: "start-leaves-the-oldest-out",
    title: "starts a read at start after the oldest message",
    breaks: ["CORE-POSITION-3"],
    collateral: because("gap=start begins there too", "CORE-GAP-4"),
    ...loggedPages((page, from) =>
      from === "start" && page.messages.length > 1 ? { ...page, messages: page.messages.slice(1) } : page,
    ),
  },
  {
    id: "end-is-before-the-newest",
    title: "starts a read at end before the newest message",
    breaks: ["CORE-POSITION-4"],
    collateral: because("this applies to a stream from end, and to gap=end, too", "SSE-OPEN-2", "CORE-GAP-4"),
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
    title: "polls a copy of the log that shows the newest publish only on the second read",
    breaks: ["CORE-POSITION-5"],
    collateral: {
      ...because("the test ends before the last message is read", "POLL-PAGE-2"),
      ...because("pages end before the newest publish", "CORE-POSITION-1", "CORE-MESSAGE-1"),
    },
    ...laggingReads(),
  },
  {
    id: "first-cursor-dies-with-the-first-message",
    title: "makes the cursor of an empty channel a gap once a message is published",
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

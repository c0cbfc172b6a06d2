import { setTimeout as sleep } from "node:timers/promises";
import { isCursor, type RawPage } from "@tidemark/protocol";
import { type Answer, altered, pageAnswer } from "@tidemark/server-core";
import {
  answering,
  hearing,
  type LoosePage,
  mechanism,
  paging,
  reading,
  within,
} from "../peer/change-answers.ts";
import { placeOf } from "../peer/change-log.ts";
import { both, type Parts } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** The longest wait of the servers under test, in milliseconds. */
const LONGEST_MS = 4_000;

/** Servers that answer long polls wrongly. */
export const longPollMutants: readonly Mutant[] = [
  {
    id: "lost-between-two-long-polls",
    title: "answers a long poll only with messages published while it is held",
    breaks: ["CORE-POSITION-1", "LP-WAIT-1"],
    collateral: because(
      "the tests read these messages by long poll",
      "CORE-POSITION-5",
      "CORE-POSITION-6",
      "CORE-MESSAGE-1",
      "CORE-GAP-4",
    ),
    ...within(["long-poll"], (channel) => ({
      read: async (from, options) => {
        const page = await channel.read(from, options);
        return placeOf(from) === undefined ? page : channel.read("end", options);
      },
    })),
  },
  {
    id: "long-poll-ignores-what-is-there",
    title: "delivers messages that already exist only when the wait is over",
    breaks: ["LP-WAIT-1"],
    ...mechanism(["long-poll"], ({ answer }) => ({
      answer: async (request, channel) => {
        const begun = performance.now();
        const answered = await answer(request, channel);
        const { messages } = pageOf(answered) ?? { messages: [] };
        const atOnce = performance.now() - begun < 10 && messages.length > 0;
        if (atOnce) await sleep(Math.min((request.read.waitS ?? 0) * 1_000, LONGEST_MS));
        return answered;
      },
    })),
  },
  {
    id: "woken-by-the-next-timeout",
    title: "does not wake a held request when a message is published",
    breaks: ["LP-WAIT-1"],
    ...deafTo(({ messages }) => messages.length > 0),
  },
  {
    id: "readers-steal-from-each-other",
    title: "delivers a message to only one of the requests that wait for it",
    breaks: ["LP-WAIT-1"],
    ...stealing(),
  },
  {
    id: "long-poll-never-holds",
    title: "answers a long poll at once with an empty page",
    breaks: ["LP-WAIT-3"],
    collateral: because("a request that is not held gets no message", "LP-WAIT-1"),
    ...reading(["long-poll"], () => ({ waitS: 0 })),
  },
  {
    id: "end-of-the-wait-is-204",
    title: "answers 204 when a wait ends without news",
    breaks: ["LP-WAIT-2"],
    collateral: because("a filtered wait ends without news", "CORE-CURSOR-4"),
    ...answering(["long-poll"], (answer, { read }) => {
      const page = pageOf(answer);
      const isOver = page?.messages.length === 0 && !("closed" in page || "gap" in page) && read.waitS !== 0;
      return isOver && placeOf(read.after ?? "") !== undefined ? { status: 204, headers: {} } : answer;
    }),
  },
  {
    id: "no-last-look-at-the-log",
    title: "misses a message whose wake-up was lost, until the next poll",
    breaks: ["LP-WAIT-1", "LP-WAIT-4"],
    collateral: because("other changes during the wait are missed too", "LP-WAIT-5", "LP-WAIT-6"),
    ...notLookingAgain(),
  },
  {
    id: "held-poll-outlives-its-channel",
    title: "answers a held request with an empty page when its channel is removed",
    breaks: ["LP-WAIT-5"],
    ...outliving(),
  },
  {
    id: "empty-answer-forgets-what-was-read",
    title: "answers a filtered wait without news with the cursor of the request",
    breaks: ["LP-WAIT-6"],
    ...paging(
      (page, { read }) =>
        page.messages.length > 0 || !isCursor(read.after ?? "") || "gap" in page
          ? undefined
          : { ...page, cursor: read.after },
      ["long-poll"],
    ),
  },
  {
    id: "wait-at-the-end-is-held-without-a-cursor",
    title: "holds a wait at end before the client has a cursor",
    breaks: ["LP-NOW-1"],
    ...mechanism(["long-poll"], ({ answer }) => ({
      answer: async (request, channel) => {
        const { after } = request.read;
        if (after !== "end") return answer(request, channel);
        const { cursor } = await channel.read("end", { maxMessages: 1 });
        return answer(altered(request, { read: { ...request.read, after: cursor } }), channel);
      },
    })),
  },
  {
    id: "page-with-a-gap-is-held",
    title: "holds back a page that reports a gap",
    breaks: ["LP-NOW-2"],
    ...delaying((page) => "gap" in page),
  },
  {
    id: "held-poll-sleeps-through-a-close",
    title: "does not wake a held request when the channel closes",
    breaks: ["LP-NOW-3"],
    ...deafTo(({ closed, messages }) => closed && messages.length === 0),
  },
  {
    id: "closed-end-is-held",
    title: "holds a wait at the end of a closed channel",
    breaks: ["LP-NOW-3"],
    ...delaying((page, atOnce) => atOnce && "closed" in page && page.messages.length === 0),
  },
  {
    id: "held-poll-sleeps-through-a-removal",
    title: "does not wake a held request when the channel is removed",
    breaks: ["LP-NOW-4"],
    ...hearing(["long-poll"], (news, { interrupted }) => (news.type === "broken" ? interrupted() : news)),
  },
  {
    id: "wait-0-is-a-poll",
    title: "treats wait=0 as a poll and sends its ETag",
    breaks: ["LP-NOW-7", "LP-CACHE-1", "CORE-CACHE-1"],
    ...mechanism(["long-poll"], ({ accepts }) => ({
      accepts: (request) => accepts(request) && request.read.waitS !== 0,
    })),
  },
  {
    id: "long-poll-with-etag",
    title: "sends an ETag with a long-polled page",
    breaks: ["LP-CACHE-1"],
    ...answering(["long-poll"], (answer) => ({ ...answer, headers: { ...answer.headers, ETag: 'W/"x"' } })),
  },
];

function pageOf({ status, body }: Answer): LoosePage | undefined {
  return status === 200 && typeof body === "string" ? (JSON.parse(body) as LoosePage) : undefined;
}

/** Hold back for the whole wait the long-polled pages for which `isHeldBack` is true. */
function delaying(isHeldBack: (page: LoosePage, atOnce: boolean) => boolean): Parts {
  return mechanism(["long-poll"], ({ answer }) => ({
    answer: async (request, channel) => {
      const begun = performance.now();
      const answered = await answer(request, channel);
      const page = pageOf(answered);
      if (page && isHeldBack(page, performance.now() - begun < 10))
        await sleep(Math.min((request.read.waitS ?? 0) * 1_000, LONGEST_MS));
      return answered;
    },
  }));
}

/** Held requests miss the wake-ups for which `isMissed` is true, and see the messages only after the wait. */
function deafTo(isMissed: (page: RawPage) => boolean): Parts {
  return hearing(["long-poll"], (news, { interrupted }) =>
    news.type === "page" && isMissed(news.page) ? interrupted() : news,
  );
}

/** A message that was delivered to one held request is withheld from the others. */
function stealing(): Parts {
  const stolen = new Set<string>();
  return hearing(["long-poll"], (news) => {
    if (news.type !== "page") return news;
    const messages = news.page.messages.filter(({ cursor }) => !stolen.has(cursor));
    for (const { cursor } of messages) stolen.add(cursor);
    return { type: "page", page: { ...news.page, messages } };
  });
}

/** At the end of the wait, the server answers with the page that it read at the beginning. */
function notLookingAgain(): Parts {
  return both(
    deafTo(({ closed }) => !closed),
    within(["long-poll"], (channel) => {
      const seen = new Map<string, Promise<RawPage>>();
      return {
        read(from, options) {
          const known = seen.get(from) ?? channel.read(from, options);
          seen.set(from, known);
          return known;
        },
      };
    }),
  );
}

/** A request that is held when its channel is removed gets an empty page. */
function outliving(): Parts {
  return mechanism(["long-poll"], ({ answer }) => ({
    answer: async (request, channel) => {
      let held = false;
      const joining = <T>(join: () => T) => {
        return (): T => {
          held = true;
          return join();
        };
      };
      try {
        return await answer(
          request,
          altered(channel, {
            join: joining(() => channel.join()),
            joinNow: joining(() => channel.joinNow()),
          }),
        );
      } catch (error) {
        if (!held) throw error;
        const { after: cursor = "start" } = request.read;
        return pageAnswer({ messages: [], from: cursor, cursor, more: false, closed: false }, channel);
      }
    },
  }));
}

import { ProtocolError, type RawMessage, type RawPage } from "@tidemark/protocol";
import { altered, type LeaveReason } from "@tidemark/server-core";
import { answering, mechanism, within } from "../peer/change-answers.ts";
import { logging, placeOf } from "../peer/change-log.ts";
import type { Parts } from "../peer/parts.ts";
import { spelling } from "../peer/spelling.ts";
import { because, type Mutant } from "./mutant.ts";

/** More messages than any channel of the suite has. */
const ALL = { maxMessages: 10_000 };

/** Servers that handle faults wrongly: dropped history, cut connections, restarts, overload. */
export const faultMutants: readonly Mutant[] = [
  {
    id: "trimmed-history-is-skipped",
    title: "continues silently from the oldest message when the messages after the cursor were dropped",
    breaks: ["CORE-GAP-1", "SSE-END-2"],
    collateral: because("a skipped gap is not reported", "CORE-GAP-4"),
    isProvoked: true,
    ...logging((log) => ({
      async read(channel, from, options) {
        try {
          return await log.read(channel, from, options);
        } catch (error) {
          const isDropped = error instanceof ProtocolError && error.members.reason === "retention";
          if (!isDropped) throw error;
          return log.read(channel, "start", options);
        }
      },
    })),
  },
  {
    id: "retention-drops-from-the-middle",
    title: "drops a message from the middle of the channel instead of the oldest one",
    breaks: ["CORE-CHANNEL-5"],
    collateral: because("the oldest message is the wrong one", "CORE-POSITION-3", "CORE-GAP-4"),
    isProvoked: true,
    ...droppingFromTheMiddle(),
  },
  {
    id: "end-of-an-emptied-channel-is-a-gap",
    title: "reports a gap at the end of a channel from which retention dropped every message",
    breaks: ["CORE-GAP-3"],
    isProvoked: true,
    ...logging((log) => ({
      async read(channel, from, options) {
        const { from: start, cursor: end } = await log.read(channel, "start", ALL);
        const isEmptied = start === end && (placeOf(end) ?? 0) > 0;
        return log.read(channel, isEmptied && from === end ? "emptied.1" : from, options);
      },
    })),
  },
  {
    id: "stream-jumps-over-what-was-dropped",
    title: "lets a stream that fell behind retention continue from the oldest message",
    breaks: ["SSE-END-2"],
    isProvoked: true,
    ...jumping(),
  },
  {
    id: "all-streams-end-at-once",
    title: "ends all its streams at the same moment",
    breaks: ["SSE-END-4"],
    isProvoked: true,
    ...endingTogether(),
  },
  {
    id: "ended-authorization-is-not-noticed",
    title: "checks authorization only when a request arrives",
    breaks: ["CORE-SECURITY-3"],
    isProvoked: true,
    ...within(["sse", "long-poll"], () => ({ judge: async () => "allowed" as const })),
  },
  {
    id: "overload-is-503",
    title: "refuses streams under overload with 503, after which an EventSource never reconnects",
    breaks: ["SSE-REFUSE-1"],
    isProvoked: true,
    ...answering(["sse"], (answer) => {
      if (typeof answer.body !== "string") return answer;
      throw new ProtocolError("unavailable", "Too many streams");
    }),
  },
  {
    id: "overload-hides-all-else",
    title: "refuses streams under overload before it validates the request",
    breaks: ["SSE-REFUSE-2"],
    isProvoked: true,
    ...mechanism(["sse"], ({ answer }) => ({
      answer: async (request, channel) => {
        const connection = channel.connect("stream");
        connection?.close();
        if (connection) return answer(request, channel);
        return { status: 200, headers: { "Content-Type": "text/event-stream" }, body: "retry: 1000\n\n" };
      },
    })),
  },
  {
    id: "restart-loses-silently",
    title: "loses a message in a restart and continues as if the message had never existed",
    breaks: ["PUB-DONE-6", "CORE-CHANNEL-4"],
    isProvoked: true,
    ...afterRestart((page, _from, isOld) => ({
      ...page,
      messages: page.messages.filter(({ cursor }) => !isOld(cursor) || placeOf(cursor) !== LOST),
    })),
  },
  {
    id: "restart-shifts-cursors",
    title: "after a restart, resumes one message too late",
    breaks: ["CORE-CURSOR-2", "PUB-DONE-6"],
    isProvoked: true,
    ...afterRestart((page, from, isOld) =>
      isOld(from) ? { ...page, messages: page.messages.slice(1) } : page,
    ),
  },
  {
    id: "restart-counts-anew",
    title: "numbers its messages from one again after a restart",
    breaks: ["CORE-CURSOR-3"],
    isProvoked: true,
    ...countingAnew(),
  },
];

function jumping(): Parts {
  return within(["sse"], (channel) => ({
    joinNow: () => undefined,
    join: async () => {
      const reader = await channel.join();
      const read = async (cursor: string): Promise<RawPage | undefined> => {
        try {
          return await reader.read(cursor);
        } catch (error) {
          if (!(error instanceof ProtocolError) || error.code !== "gap") throw error;
          return channel.read("start", ALL);
        }
      };
      return altered(reader, { read });
    },
  }));
}

function endingTogether(): Parts {
  const leaving = new Set<(reason: LeaveReason) => void>();
  const endAll = (reason: LeaveReason): void => {
    for (const leave of [...leaving]) leave(reason);
    leaving.clear();
  };
  return within(["sse"], (channel) => ({
    connect: (kind) => {
      const connection = channel.connect(kind);
      return (
        connection && {
          sent: (messages, blocks) => connection.sent(messages, blocks),
          close: (why) => connection.close(why),
          whenLeaving: (listener) => {
            leaving.add(listener);
            connection.whenLeaving(endAll);
          },
        }
      );
    },
  }));
}

/** The place of the message that a restart loses. */
const LOST = 4;

type Aged = (page: RawPage, from: string, isOld: (cursor: string) => boolean) => RawPage;

/** Change the pages that a log reads; `isOld` is true for a cursor from before the last restart. */
function afterRestart(change: Aged): Parts {
  const lives = new Map<string, number>();
  let life = 0;
  return logging((log) => {
    life += 1;
    const own = life;
    return {
      async append(channel, drafts, options) {
        const done = await log.append(channel, drafts, options);
        for (const cursor of done.cursors) lives.set(cursor, own);
        return done;
      },
      read: async (channel, from, options) =>
        change(await log.read(channel, from, options), from, (cursor) => (lives.get(cursor) ?? own) < own),
    };
  });
}

/** The last dropped message takes the place of the oldest message that is left. */
function droppingFromTheMiddle(): Parts {
  const messages = new Map<string, RawMessage>();
  return logging((log) => ({
    async read(channel, from, options) {
      const page = await log.read(channel, from, options);
      for (const message of page.messages) messages.set(message.cursor, message);
      const dropped = messages.get(page.from);
      if (from !== "start" || dropped === undefined) return page;
      return { ...page, messages: [dropped, ...page.messages.slice(1)] };
    },
  }));
}

/** In a channel from before the last restart, new messages are numbered from one again. */
function countingAnew(): Parts {
  const ends = new Map<string, number>();
  const before = new Map<string, number>();
  const epochOf = (cursor: string): string => cursor.split(".")[0] ?? "";
  const numbers = spelling({
    write(cursor) {
      const place = placeOf(cursor) ?? 0;
      ends.set(epochOf(cursor), Math.max(place, ends.get(epochOf(cursor)) ?? 0));
      const old = before.get(epochOf(cursor)) ?? place;
      return `${epochOf(cursor)}.${place > old ? place - old : place}.~`;
    },
    async read(text, channel, log) {
      const [epoch = "", place] = text.split(".");
      const { from, messages } = await log.read(channel, "start", ALL);
      const cursors = [from, ...messages.map(({ cursor }) => cursor)].filter((own) => epochOf(own) === epoch);
      return cursors.find((own) => placeOf(own) === Number(place)) ?? `${epoch}.${place}.0000000`;
    },
  });
  return {
    log(log, restarted) {
      if (restarted) for (const [epoch, end] of ends) before.set(epoch, end);
      return numbers.log?.(log, restarted) ?? log;
    },
  };
}

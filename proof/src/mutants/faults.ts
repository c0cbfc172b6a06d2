import { ProtocolError } from "@tidemark/protocol";
import { answering, mechanism, within } from "../peer/change-answers.ts";
import { logging, placeOf } from "../peer/change-log.ts";
import type { Parts } from "../peer/parts.ts";
import { spelling } from "../peer/spelling.ts";
import { findPlace } from "./cursors.ts";
import type { Mutant } from "./mutant.ts";

/** More messages than any channel of the suite has. */
const ALL = { maxMessages: 10_000 };

/** Servers that fail when something else does: when history is dropped, connections are cut, the server restarts. */
export const faultMutants: readonly Mutant[] = [
  {
    id: "trimmed-history-is-skipped",
    title: "goes on at the oldest message, silently, where those before it were dropped",
    breaks: ["CORE-GAP-1"],
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
    id: "retention-drops-the-newest",
    title: "drops the newest message when it drops the oldest",
    breaks: ["CORE-CHANNEL-5"],
    isProvoked: true,
    ...logging((log) => ({
      async read(channel, from, options) {
        const page = await log.read(channel, from, options);
        const { from: start } = await log.read(channel, "start", { maxMessages: 1 });
        if ((placeOf(start) ?? 0) === 0 || page.more) return page;
        return { ...page, messages: page.messages.slice(0, -1) };
      },
    })),
  },
  {
    id: "end-of-an-emptied-channel-is-a-gap",
    title: "tells a gap at the end when all that was before it has been dropped",
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
    title: "lets a stream that fell behind retention go on with the oldest message",
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
    title: "looks at authorization only when a request arrives",
    breaks: ["CORE-SECURITY-3"],
    isProvoked: true,
    ...within(["sse", "long-poll"], () => ({ judge: async () => undefined })),
  },
  {
    id: "overload-is-503",
    title: "refuses a stream under overload with 503, which stops an EventSource for good",
    breaks: ["SSE-REFUSE-1"],
    isProvoked: true,
    ...answering(["sse"], (answer) => {
      if (typeof answer.body !== "string") return answer;
      throw new ProtocolError("unavailable", "Too many streams");
    }),
  },
  {
    id: "overload-hides-all-else",
    title: "refuses a stream under overload before it looks at the request",
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
    title: "loses messages in a restart and goes on as if they had never been",
    breaks: ["PUB-DONE-6", "CORE-CHANNEL-4"],
    isProvoked: true,
    ...logging((log, restarted) => ({
      async read(channel, from, options) {
        const page = await log.read(channel, from, options);
        if (!restarted) return page;
        return { ...page, messages: page.messages.filter(({ cursor }) => placeOf(cursor) !== 4) };
      },
    })),
  },
  {
    id: "restart-shifts-cursors",
    title: "goes on after a restart one message further than the cursor stands",
    breaks: ["CORE-CURSOR-2", "PUB-DONE-6"],
    isProvoked: true,
    ...logging((log, restarted) => ({
      async read(channel, from, options) {
        const page = await log.read(channel, from, options);
        if (!restarted || placeOf(from) === undefined) return page;
        return { ...page, messages: page.messages.slice(1) };
      },
    })),
  },
  {
    id: "restart-counts-anew",
    title: "counts its messages from the beginning again after a restart",
    breaks: ["CORE-CURSOR-3"],
    isProvoked: true,
    ...countingAnew(),
  },
];

function jumping(): Parts {
  return within(["sse"], (channel) => ({
    join: async (options) => {
      const reader = await channel.join(options);
      const next = reader.next.bind(reader);
      reader.next = async (cursor) => {
        try {
          return await next(cursor);
        } catch (error) {
          if (!(error instanceof ProtocolError) || error.code !== "gap") throw error;
          return { type: "page", page: await channel.read("start", ALL) };
        }
      };
      return reader;
    },
  }));
}

function endingTogether(): Parts {
  const leaving = new Set<() => void>();
  const endAll = (): void => {
    for (const leave of [...leaving]) leave();
    leaving.clear();
  };
  return within(["sse"], (channel) => ({
    connect: (kind) => {
      const connection = channel.connect(kind);
      return (
        connection && {
          close: () => connection.close(),
          whenLeaving: (listener) => {
            leaving.add(listener);
            connection.whenLeaving(endAll);
          },
        }
      );
    },
  }));
}

/** Messages that a channel has before a restart, in the suite. */
const BEFORE_RESTART = 5;

function countingAnew(): Parts {
  const before = spelling({ write: (cursor) => `n.${placeOf(cursor)}`, read: findPlace });
  const after = spelling({
    write: (cursor) => {
      const place = placeOf(cursor) ?? 0;
      return `n.${place > BEFORE_RESTART ? place - BEFORE_RESTART : place}`;
    },
    read: findPlace,
  });
  return { log: (log, restarted) => (restarted ? after : before).log?.(log, restarted) ?? log };
}

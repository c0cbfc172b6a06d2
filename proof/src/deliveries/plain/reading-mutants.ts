import { performance } from "node:perf_hooks";
import type { Message, PlainFeed } from "./behavior.ts";
import { PLAIN } from "./behavior.ts";
import { counted, type PlainMutant } from "./mutant.ts";

/** Messages that the mutant that reorders keeps back. */
const kept = new WeakMap<PlainFeed, string>();

/** Servers that lose, repeat, change or reorder messages for readers that are there. */
export const readingMutants: readonly PlainMutant[] = [
  {
    id: "seventh-message-is-not-stored",
    title: "acknowledges a message that it does not store",
    breaks: ["DL-READ-1"],
    changes: {
      append(feed, text) {
        if (counted(feed, "appends") % 7 !== 0) PLAIN.append(feed, text);
      },
    },
  },
  {
    id: "waiters-beyond-eight-are-deaf",
    title: "wakes only the first eight readers that wait",
    breaks: ["DL-READ-1"],
    collateral: ["DL-READ-2"],
    changes: {
      notify(feed) {
        for (const reader of [...feed.waiting].slice(0, 8)) reader.wake();
      },
    },
  },
  {
    id: "streams-repeat-every-fifth-message",
    title: "sends every fifth message twice on a stream",
    breaks: ["DL-READ-2"],
    changes: {
      frame(feed, message) {
        const frame = PLAIN.frame.call(this, feed, message);
        return message.n % 5 === 0 ? frame + frame : frame;
      },
    },
  },
  {
    id: "white-space-is-trimmed",
    title: "removes white space at the ends of a payload",
    breaks: ["DL-READ-3"],
    changes: {
      append(feed, text) {
        PLAIN.append(feed, text.trim());
      },
    },
  },
  {
    id: "line-breaks-make-two-messages",
    title: "makes two messages of a payload with a blank line",
    breaks: ["DL-READ-3"],
    changes: {
      append(feed, text) {
        for (const part of text.split("\n\n")) PLAIN.append(feed, part);
      },
    },
  },
  {
    id: "slow-streams-skip",
    title: "drops what is published while a stream does not take bytes",
    breaks: ["DL-READ-4"],
    changes: {
      frame(feed, message) {
        return isBehind(feed) ? "" : PLAIN.frame.call(this, feed, message);
      },
    },
  },
  {
    id: "pages-hold-forty",
    title: "answers a reader that is far behind with the newest forty messages only",
    breaks: ["DL-READ-4", "DL-POS-5"],
    changes: {
      since(feed, place, kind) {
        const all = PLAIN.since(feed, place, kind);
        return kind === "page" ? all.slice(-40) : all;
      },
    },
  },
  {
    id: "one-reader-that-leaves-takes-all",
    title: "drops all waiting readers when one of them leaves",
    breaks: ["DL-READ-5"],
    collateral: ["DL-READ-1", "DL-END-1", "DL-WAIT-3", "DL-WAIT-4", "DL-POS-5", "DL-ORDER-1", "DL-WAIT-2"],
    changes: {
      left(feed, reader) {
        if (feed.waiting.delete(reader) && reader.response.destroyed && !reader.response.writableEnded)
          feed.waiting.clear();
      },
    },
  },
  {
    id: "pages-in-another-order",
    title: "sorts messages that came at the same time by their text in pages, but not on streams",
    breaks: ["DL-ORDER-1"],
    collateral: [
      "DL-ORDER-2",
      "DL-ORDER-3",
      "DL-POS-2",
      "DL-POS-3",
      "DL-POS-7",
      "DL-POS-4",
      "DL-POS-5",
      "DL-POS-6",
      "DL-READ-4",
      "DL-WAIT-1",
      "DL-WAIT-4",
    ],
    changes: {
      append(feed, text) {
        PLAIN.append(feed, text);
        feed.memory.set(`at ${feed.log.at(-1)?.n}`, Math.floor(performance.now() / 5));
      },
      page(feed, messages, place) {
        const when = ({ n }: Message): number => feed.memory.get(`at ${n}`) ?? 0;
        const sorted = [...messages].sort((a, b) => when(a) - when(b) || (a.text < b.text ? 1 : -1));
        return { ...PLAIN.page.call(this, feed, messages, place), messages: sorted };
      },
    },
  },
  {
    id: "publishes-overtake-each-other",
    title: "acknowledges every fourth message before it has its place, and appends it after the next one",
    breaks: ["DL-ORDER-2"],
    changes: {
      append(feed, text) {
        if (counted(feed, "appends") % 4 === 0) {
          kept.set(feed, text);
          return;
        }
        PLAIN.append(feed, text);
        const before = kept.get(feed);
        kept.delete(feed);
        if (before !== undefined) PLAIN.append(feed, before);
      },
    },
  },
  {
    id: "history-is-newest-first",
    title: "sends the history with the newest message first",
    breaks: ["DL-ORDER-3"],
    collateral: ["DL-POS-3", "DL-POS-5"],
    changes: {
      since(feed, place, kind) {
        const all = [...PLAIN.since(feed, place, kind)];
        return all.length > 20 && place === feed.dropped ? all.reverse() : all;
      },
    },
  },
];

/** Whether a stream of the feed has bytes that its reader did not take. */
function isBehind(feed: PlainFeed): boolean {
  return [...feed.waiting].some(({ response }) => response.writableLength > 16_384);
}

import { performance } from "node:perf_hooks";
import type { Behavior, Message, PlainFeed } from "./behavior.ts";
import { PLAIN } from "./behavior.ts";

/** A plain server that is broken in one way. */
export interface PlainMutant {
  readonly id: string;
  readonly title: string;
  /** The sentences that the suite has to report. */
  readonly breaks: readonly string[];
  /** Sentences that fail as a consequence. */
  readonly collateral?: readonly string[];
  readonly changes: Partial<Behavior>;
}

/** Messages that the mutant that reorders keeps back. */
const kept = new WeakMap<PlainFeed, string>();

/** How often something happened in a feed. */
function counted(feed: PlainFeed, what: string): number {
  const count = (feed.memory.get(what) ?? 0) + 1;
  feed.memory.set(what, count);
  return count;
}

/** Each breaks one sentence of the profile, most of them in a way that users have reported of real servers. */
export const PLAIN_MUTANTS: readonly PlainMutant[] = [
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
    title: "skips what was published while a stream did not take bytes",
    breaks: ["DL-READ-4"],
    changes: {
      since(feed, place, kind) {
        const all = PLAIN.since(feed, place, kind);
        return kind === "stream" && isBehind(feed) ? all.slice(-1) : all;
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
    collateral: ["DL-POS-5"],
    changes: {
      since(feed, place, kind) {
        const all = [...PLAIN.since(feed, place, kind)];
        return all.length > 20 && place === feed.dropped ? all.reverse() : all;
      },
    },
  },
  {
    id: "positions-die-after-three-messages",
    title: "refuses a position after which three messages have come",
    breaks: ["DL-POS-1"],
    collateral: [
      "DL-POS-2",
      "DL-POS-3",
      "DL-POS-4",
      "DL-WAIT-1",
      "DL-WAIT-4",
      "DL-POS-6",
      "DL-POS-7",
      "DL-READ-4",
    ],
    changes: {
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position, kind);
        const isOld = position !== "" && place !== undefined && (feed.log.at(-1)?.n ?? 0) - place > 2;
        return kind === "stream" && isOld ? undefined : place;
      },
    },
  },
  {
    id: "resume-is-inclusive",
    title: "resumes a stream with the message of the position",
    breaks: ["DL-POS-2"],
    collateral: ["DL-POS-3", "DL-POS-4", "DL-POS-6", "DL-POS-7", "DL-WAIT-1", "DL-WAIT-4"],
    changes: {
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position, kind);
        return kind === "stream" && position !== "" && place ? place - 1 : place;
      },
    },
  },
  {
    id: "id-comes-before-its-message",
    title: "sends the id of a message in a block of its own, before the message",
    breaks: ["DL-POS-3"],
    collateral: ["DL-POS-2", "DL-WAIT-1", "DL-WAIT-4"],
    changes: {
      frame(feed, message) {
        const [, ...lines] = PLAIN.frame.call(this, feed, message).split("\n");
        return `id: ${PLAIN.position(feed, message.n)}\n\n${lines.join("\n")}`;
      },
    },
  },
  {
    id: "messages-are-destroyed-when-read",
    title: "drops what it has sent in a page",
    breaks: ["DL-POS-4"],
    collateral: ["DL-READ-1", "DL-POS-1", "DL-POS-2", "DL-POS-3", "DL-POS-5", "DL-ORDER-3", "DL-END-2"],
    changes: {
      since(feed, place, kind) {
        const all = PLAIN.since(feed, place, kind);
        const times = place > feed.dropped && all.length > 2 ? counted(feed, `from ${place}`) : 1;
        return kind === "page" && times > 1 ? all.slice(1) : all;
      },
    },
  },
  {
    id: "history-and-live-overlap",
    title: "repeats the last message of the history when a stream goes live",
    breaks: ["DL-POS-5"],
    collateral: ["DL-ORDER-3"],
    changes: {
      hello(feed, place) {
        const first = feed.log.find(({ n }) => n > 4 && place === feed.dropped);
        return PLAIN.hello.call(this, feed, place) + (first ? PLAIN.frame.call(this, feed, first) : "");
      },
    },
  },
  {
    id: "streams-count-differently",
    title: "takes the position of a page for one place earlier on a stream",
    breaks: ["DL-POS-6"],
    changes: {
      position(feed, n) {
        return `${feed.name}-${n}`;
      },
      frame(feed, message) {
        return PLAIN.frame.call(this, feed, message).replace(/^id: (.*)$/m, "id: $1.0");
      },
      hello(feed, place) {
        return PLAIN.hello.call(this, feed, place).replace(/^id: (.*)$/m, "id: $1.0");
      },
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position.replace(/\.0$/, ""), kind);
        return kind === "stream" && place && !position.endsWith(".0") ? place - 1 : place;
      },
    },
  },
  {
    id: "restart-shifts-positions",
    title: "numbers its messages from one again after a restart that loses the first",
    breaks: ["DL-POS-7"],
    changes: {
      restart(feed) {
        const [, ...rest] = feed.log.splice(0);
        feed.log.push(...rest.map((message, index) => ({ ...message, n: index + 1 })));
      },
    },
  },
  {
    id: "reads-after-a-pause-begin-at-the-end",
    title: "begins at the newest message when a reader comes back to its last position",
    breaks: ["DL-WAIT-1"],
    collateral: ["DL-POS-2", "DL-POS-4", "DL-POS-6", "DL-POS-7", "DL-WAIT-4", "DL-POS-3"],
    changes: {
      place(feed, position, kind) {
        const place = PLAIN.place(feed, position, kind);
        const end = feed.log.at(-1)?.n ?? 0;
        return kind === "stream" && position !== "" && place === end - 1 ? end : place;
      },
    },
  },
  {
    id: "held-readers-sleep",
    title: "does not wake held requests when a message comes",
    breaks: ["DL-WAIT-2"],
    collateral: ["DL-WAIT-3"],
    changes: {
      holdMs: 2_200,
      notify(feed) {
        for (const reader of [...feed.waiting]) if (reader.kind === "stream") reader.wake();
      },
    },
  },
  {
    id: "holds-last-too-long",
    title: "holds a request three times as long as it says",
    breaks: ["DL-WAIT-3"],
    changes: { holdMs: 3_500 },
  },
  {
    id: "empty-pages-skip-one",
    title: "gives an empty page the position after the message that will come next",
    breaks: ["DL-WAIT-4"],
    collateral: ["DL-READ-1", "DL-POS-1", "DL-POS-2", "DL-WAIT-1", "DL-WAIT-3"],
    changes: {
      page(feed, messages, place) {
        const page = PLAIN.page.call(this, feed, messages, place);
        const isIdle = messages.length === 0 && place > 0 && counted(feed, `idle at ${place}`) === 15;
        return isIdle ? { ...page, next: PLAIN.position(feed, place + 1) } : page;
      },
      place(feed, position, kind) {
        const n = Number(position.replace(`${feed.name}-`, ""));
        const end = feed.log.at(-1)?.n ?? feed.dropped;
        return n === end + 1 ? n : PLAIN.place(feed, position, kind);
      },
    },
  },
  {
    id: "unknown-positions-are-the-end",
    title: "takes a position that it does not know for the end",
    breaks: ["DL-LOSS-1"],
    collateral: ["DL-LOSS-2"],
    changes: {
      place(feed, position, kind) {
        return PLAIN.place(feed, position, kind) ?? feed.log.at(-1)?.n ?? feed.dropped;
      },
    },
  },
  {
    id: "lost-history-is-skipped",
    title: "continues with the oldest message when those after a position are gone",
    breaks: ["DL-LOSS-2"],
    changes: {
      place(feed, position, kind) {
        const n = Number(position.replace(`${feed.name}-`, ""));
        return position !== "" && n < feed.dropped ? feed.dropped : PLAIN.place(feed, position, kind);
      },
    },
  },
  {
    id: "end-is-not-told",
    title: "ends a stream without saying that the feed has ended",
    breaks: ["DL-END-1"],
    changes: { goodbye: () => "" },
  },
  {
    id: "end-comes-before-the-last-message",
    title: "reports the end of the feed before its last message",
    breaks: ["DL-END-2"],
    collateral: ["DL-READ-1"],
    changes: {
      page(feed, messages, place) {
        const page = PLAIN.page.call(this, feed, messages, place);
        return page.end && messages.length > 1 ? { ...page, messages: messages.slice(0, -1) } : page;
      },
    },
  },
  {
    id: "feeds-are-mixed",
    title: "sends every third message of a feed to the readers of all feeds",
    breaks: ["DL-FEED-1"],
    collateral: ["DL-FEED-2", "DL-LOSS-2", "DL-END-2"],
    changes: mixedFeeds(),
  },
  {
    id: "position-opens-another-feed",
    title: "reads the feed of the position, whatever the address says",
    breaks: ["DL-FEED-2", "DL-LOSS-1"],
    changes: positionOpensItsFeed(),
  },
];

/** Whether a stream of the feed has bytes that its reader did not take. */
function isBehind(feed: PlainFeed): boolean {
  return [...feed.waiting].some(({ response }) => response.writableLength > 16_384);
}

function mixedFeeds(): Partial<Behavior> {
  const all = new Set<PlainFeed>();
  return {
    feed(feeds, name) {
      const feed = PLAIN.feed(feeds, name);
      all.add(feed);
      return feed;
    },
    append(feed, text) {
      PLAIN.append(feed, text);
      if (text.length > 100 || counted(feed, "appends") % 3 !== 0) return;
      for (const other of all) {
        if (other === feed || other.isEnded) continue;
        PLAIN.append(other, text);
        PLAIN.notify(other);
      }
    },
  };
}

function positionOpensItsFeed(): Partial<Behavior> {
  const all = new Map<string, PlainFeed>();
  const foreign = (feed: PlainFeed, place: number): PlainFeed | undefined =>
    [...all.values()].find((other) => feed.memory.get(`reads ${other.name}`) === place);
  return {
    feed(feeds, name) {
      const feed = PLAIN.feed(feeds, name);
      all.set(name, feed);
      return feed;
    },
    place(feed, position, kind) {
      const [, name = "", n = ""] = /^(.*)-(\d+)$/.exec(position) ?? [];
      const other = name === feed.name ? undefined : all.get(name);
      if (!other) return PLAIN.place(feed, position, kind);
      feed.memory.set(`reads ${name}`, Number(n) + FAR);
      return Number(n) + FAR;
    },
    since(feed, place, kind) {
      const other = place >= FAR ? foreign(feed, place) : undefined;
      return other ? PLAIN.since(other, place - FAR, kind) : PLAIN.since(feed, place, kind);
    },
  };
}

/** Places of other feeds begin here. */
const FAR = 1_000_000;
